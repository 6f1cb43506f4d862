#include "kernels/cpu/conv/patches.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {
namespace {

// Outputs [begin, begin + count) of one output row, in one panel.
struct Run {
  int64_t column;  // in the panel
  int64_t depth;   // output position along the two outer axes
  int64_t height;
  int64_t begin;
  int64_t count;
};

// A panel is narrower than this on every instruction set.
constexpr int64_t kMaxRuns = 64;

int64_t RunsOf(const ConvShape& s, int64_t j, int64_t columns, Run* runs) {
  int64_t count = 0;
  for (int64_t column = 0; column < columns;) {
    const int64_t position = j + column;
    Run& run = runs[count++];
    run.column = column;
    run.begin = position % s.out[2];
    run.height = position / s.out[2] % s.out[1];
    run.depth = position / s.out[2] / s.out[1];
    run.count = std::min(columns - column, s.out[2] - run.begin);
    column += run.count;
  }
  return count;
}

void Zero(float* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = 0;
}

// out[i] = row[(begin + i) * stride + offset], zero outside [0, extent).
void CopyRun(const float* row, int64_t extent, int64_t stride, int64_t offset,
             int64_t begin, int64_t count, float* out) {
  const int64_t first = begin * stride + offset;
  int64_t low = 0;
  if (first < 0) low = std::min(count, (-first + stride - 1) / stride);
  int64_t high = 0;
  if (first < extent) {
    high = std::min(count, (extent - first + stride - 1) / stride);
  }
  high = std::max(high, low);
  for (int64_t i = 0; i < low; ++i) out[i] = 0;
  const float* const from = row + first;
  if (stride == 1) {
    for (int64_t i = low; i < high; ++i) out[i] = from[i];
  } else if (stride == 2) {
    for (int64_t i = low; i < high; ++i) out[i] = from[2 * i];
  } else {
    for (int64_t i = low; i < high; ++i) out[i] = from[i * stride];
  }
  for (int64_t i = high; i < count; ++i) out[i] = 0;
}

void PackPanel(const ConvShape& s, const float* x, int64_t k, int64_t depth,
               const Run* runs, int64_t run_count, int64_t columns,
               int64_t width, float* out) {
  const Spatial& kernel = s.kernel;
  int64_t kw = k % kernel[2];
  int64_t kh = k / kernel[2] % kernel[1];
  int64_t kd = k / (kernel[2] * kernel[1]) % kernel[0];
  const float* channel = x + k / Volume(kernel) * s.in_size();
  for (int64_t i = 0; i < depth; ++i, out += width) {
    const int64_t offset = kw * s.dilation[2] - s.pad_begin[2];
    for (int64_t r = 0; r < run_count; ++r) {
      const Run& run = runs[r];
      const int64_t d =
          run.depth * s.stride[0] + kd * s.dilation[0] - s.pad_begin[0];
      const int64_t h =
          run.height * s.stride[1] + kh * s.dilation[1] - s.pad_begin[1];
      if (d < 0 || d >= s.in[0] || h < 0 || h >= s.in[1]) {
        Zero(out + run.column, run.count);
      } else {
        CopyRun(channel + (d * s.in[1] + h) * s.in[2], s.in[2], s.stride[2],
                offset, run.begin, run.count, out + run.column);
      }
    }
    Zero(out + columns, width - columns);
    if (++kw < kernel[2]) continue;
    kw = 0;
    if (++kh < kernel[1]) continue;
    kh = 0;
    if (++kd < kernel[0]) continue;
    kd = 0;
    channel += s.in_size();
  }
}

bool IsPointwise(const ConvShape& s) {
  return Volume(s.kernel) == 1 && Volume(s.stride) == 1 && s.in == s.out &&
         s.pad_begin == Spatial{0, 0, 0};
}

}  // namespace

void PackPatches(const ConvShape& shape, const float* x, int64_t k,
                 int64_t depth, int64_t j, int64_t columns, int64_t width,
                 float* out) {
  const bool pointwise = IsPointwise(shape);
  for (int64_t c = 0; c < columns; c += width, out += depth * width) {
    const int64_t valid = std::min(width, columns - c);
    if (pointwise) {
      const float* from = x + k * shape.in_size() + j + c;
      for (int64_t i = 0; i < depth; ++i, from += shape.in_size()) {
        float* const to = out + i * width;
        std::memcpy(to, from, valid * sizeof(float));
        if (valid < width) Zero(to + valid, width - valid);
      }
      continue;
    }
    Run runs[kMaxRuns];
    const int64_t count = RunsOf(shape, j + c, valid, runs);
    PackPanel(shape, x, k, depth, runs, count, valid, width, out);
  }
}

}  // namespace hone
