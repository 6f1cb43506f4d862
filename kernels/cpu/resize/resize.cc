#include "kernels/cpu/resize/resize.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

// y [output, inner] = taps of x [input, inner].
void ResizeOuterAxis(const float* x, const ResizeTaps& axis, int64_t inner,
                     float* y) {
  for (int64_t o = 0; o < axis.output; ++o, y += inner) {
    const size_t first = static_cast<size_t>(o) * axis.taps;
    for (size_t t = 0; t < axis.taps; ++t) {
      const float weight = axis.weight[first + t];
      const float* row = x + axis.index[first + t] * inner;
      if (t == 0) {
        for (int64_t i = 0; i < inner; ++i) y[i] = weight * row[i];
      } else if (weight != 0) {
        for (int64_t i = 0; i < inner; ++i) y[i] += weight * row[i];
      }
    }
  }
}

// y [rows, output] = taps of x [rows, input].
void ResizeLastAxis(const float* x, int64_t rows, const ResizeTaps& axis,
                    float* y) {
  for (int64_t r = 0; r < rows; ++r, x += axis.input, y += axis.output) {
    const int64_t* index = axis.index.data();
    const float* weight = axis.weight.data();
    for (int64_t o = 0; o < axis.output; ++o) {
      float sum = weight[0] * x[index[0]];
      for (size_t t = 1; t < axis.taps; ++t) sum += weight[t] * x[index[t]];
      y[o] = sum;
      index += axis.taps;
      weight += axis.taps;
    }
  }
}

// One plane: all of `axes`, the last one first.
void ResizePlane(const float* x, const std::vector<ResizeTaps>& axes,
                 float* y) {
  int64_t outer = 1, inner = 1;
  for (const ResizeTaps& axis : axes) outer *= axis.input;
  std::vector<float> from, to;
  const float* source = x;
  for (size_t a = axes.size(); a-- > 0;) {
    const ResizeTaps& axis = axes[a];
    outer /= axis.input;
    to.resize(static_cast<size_t>(outer * axis.output * inner));
    float* target = a == 0 ? y : to.data();
    if (inner == 1) {
      ResizeLastAxis(source, outer, axis, target);
    } else {
      for (int64_t o = 0; o < outer; ++o) {
        ResizeOuterAxis(source + o * axis.input * inner, axis, inner,
                        target + o * axis.output * inner);
      }
    }
    inner *= axis.output;
    std::swap(from, to);
    source = from.data();
  }
}

void Extrapolate(const std::vector<ResizeTaps>& axes, float value, float* y) {
  int64_t inner = 1;
  for (const ResizeTaps& axis : axes) inner *= axis.output;
  int64_t outer = 1;
  for (const ResizeTaps& axis : axes) {
    inner /= axis.output;
    for (int64_t o = 0; o < axis.output; ++o) {
      if (!axis.outside[static_cast<size_t>(o)]) continue;
      for (int64_t p = 0; p < outer; ++p) {
        float* block = y + (p * axis.output + o) * inner;
        std::fill(block, block + inner, value);
      }
    }
    outer *= axis.output;
  }
}

}  // namespace

void Resize(ThreadPool& pool, const float* x,
            const std::vector<ResizeTaps>& axes, float extrapolation,
            float* y) {
  size_t first = 0;
  int64_t planes = 1;
  while (first < axes.size() && axes[first].identity()) {
    planes *= axes[first].input;
    ++first;
  }
  int64_t in = 1, out = 1;
  for (size_t a = first; a < axes.size(); ++a) {
    in *= axes[a].input;
    out *= axes[a].output;
  }
  if (first == axes.size()) {
    std::memcpy(y, x, static_cast<size_t>(planes) * sizeof(float));
    return;
  }
  const std::vector<ResizeTaps> changed(
      axes.begin() + static_cast<std::ptrdiff_t>(first), axes.end());
  ForRanges(pool, planes, GrainFor(kLightGrain, in + 2 * out),
            [&](int64_t begin, int64_t end) {
              for (int64_t p = begin; p < end; ++p) {
                ResizePlane(x + p * in, changed, y + p * out);
              }
            });
  Extrapolate(axes, extrapolation, y);
}

}  // namespace hone
