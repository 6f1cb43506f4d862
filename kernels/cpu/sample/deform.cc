#include <cmath>
#include <cstddef>

#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/sample/sample.h"

namespace hone {
namespace {

// Zero outside, linear between pixel centers.
double Between(const double* plane, int64_t h, int64_t w, double y, double x) {
  if (!(y > -1 && y < static_cast<double>(h) && x > -1 &&
        x < static_cast<double>(w))) {
    return 0;
  }
  const double y0 = std::floor(y), x0 = std::floor(x);
  const auto top = static_cast<int64_t>(y0), left = static_cast<int64_t>(x0);
  const auto pixel = [&](int64_t i, int64_t j) {
    return i < 0 || i >= h || j < 0 || j >= w ? 0.0 : plane[i * w + j];
  };
  const double dy = y - y0, dx = x - x0;
  return (1 - dy) * ((1 - dx) * pixel(top, left) + dx * pixel(top, left + 1)) +
         dy * ((1 - dx) * pixel(top + 1, left) + dx * pixel(top + 1, left + 1));
}

}  // namespace

template <typename T>
void ColumnsToImage(const T* x, int64_t rows, const BlockLayout& layout, T* y) {
  const size_t rank = layout.image.size();
  int64_t image = 1, block = 1, steps = 1;
  for (size_t a = 0; a < rank; ++a) {
    image *= layout.image[a];
    block *= layout.block[a];
    steps *= layout.steps[a];
  }
  for (int64_t i = 0; i < rows * image; ++i) y[i] = 0;
  for (int64_t k = 0; k < block; ++k) {
    for (int64_t s = 0; s < steps; ++s) {
      int64_t k_rest = k, s_rest = s, at = 0, stride = 1;
      bool inside = true;
      for (size_t a = rank; a-- > 0;) {
        const int64_t i = s_rest % layout.steps[a] * layout.strides[a] -
                          layout.pads_begin[a] +
                          k_rest % layout.block[a] * layout.dilations[a];
        s_rest /= layout.steps[a];
        k_rest /= layout.block[a];
        inside = inside && i >= 0 && i < layout.image[a];
        at += i * stride;
        stride *= layout.image[a];
      }
      if (!inside) continue;
      for (int64_t r = 0; r < rows; ++r) {
        y[r * image + at] += x[(r * block + k) * steps + s];
      }
    }
  }
}

template void ColumnsToImage(const double*, int64_t, const BlockLayout&,
                             double*);
template void ColumnsToImage(const uint64_t*, int64_t, const BlockLayout&,
                             uint64_t*);

void DeformConv(ThreadPool& pool, const DeformConvShape& s, const double* x,
                const double* weight, const double* offset, const double* bias,
                const double* mask, double* y) {
  const int64_t taps = s.kernel_h * s.kernel_w;
  const int64_t points = s.out_h * s.out_w;
  const int64_t per_group = s.channels / s.group;
  const int64_t outputs = s.outputs / s.group;
  ForRanges(
      pool, s.batch * points, GrainFor(kHeavyGrain, s.channels * taps),
      [&](int64_t begin, int64_t end) {
        // The pixels that all outputs of one place mix: [channels, taps].
        std::vector<double> columns(static_cast<size_t>(s.channels * taps));
        for (int64_t at = begin; at < end; ++at) {
          const int64_t n = at / points, p = at % points;
          for (int64_t c = 0; c < s.channels; ++c) {
            const int64_t g = c / (s.channels / s.offset_group);
            for (int64_t k = 0; k < taps; ++k) {
              const int64_t first = (n * s.offset_group + g) * taps + k;
              const double dy = offset[first * 2 * points + p];
              const double dx = offset[(first * 2 + 1) * points + p];
              const auto row =
                  static_cast<double>(p / s.out_w * s.stride_h - s.pad_h +
                                      k / s.kernel_w * s.dilation_h);
              const auto column =
                  static_cast<double>(p % s.out_w * s.stride_w - s.pad_w +
                                      k % s.kernel_w * s.dilation_w);
              const double scale =
                  mask == nullptr ? 1 : mask[first * points + p];
              columns[static_cast<size_t>(c * taps + k)] =
                  scale * Between(x + (n * s.channels + c) * s.h * s.w, s.h,
                                  s.w, row + dy, column + dx);
            }
          }
          for (int64_t o = 0; o < s.outputs; ++o) {
            const double* from =
                columns.data() + o / outputs * per_group * taps;
            const double* w = weight + o * per_group * taps;
            double sum = bias == nullptr ? 0 : bias[o];
            for (int64_t k = 0; k < per_group * taps; ++k)
              sum += w[k] * from[k];
            y[(n * s.outputs + o) * points + p] = sum;
          }
        }
      });
}

}  // namespace hone
