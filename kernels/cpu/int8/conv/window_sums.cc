#include "kernels/cpu/int8/conv/window_sums.h"

#include <algorithm>

#include "kernels/cpu/parallel/parallel.h"

namespace hone {

size_t Int8WindowSumScratchBytes(const ConvShape& s) {
  return static_cast<size_t>(s.batch * s.in_size() * s.groups) *
         sizeof(int32_t);
}

void Int8WindowSums(const ConvShape& s, const uint8_t* x, uint8_t zx,
                    int32_t* y, std::byte* scratch, ThreadPool& pool) {
  // Of one pixel and group: [groups, batch, in...].
  int32_t* const sums = reinterpret_cast<int32_t*>(scratch);
  const int64_t pixels = s.batch * s.in_size();
  ForRanges(pool, pixels, GrainFor(kLightGrain, s.groups * s.in_channels),
            [&](int64_t begin, int64_t end) {
              const uint8_t* from = x + begin * s.groups * s.in_channels;
              for (int64_t p = begin; p < end; ++p) {
                for (int64_t g = 0; g < s.groups; ++g) {
                  int32_t sum = 0;
                  for (int64_t c = 0; c < s.in_channels; ++c) sum += from[c];
                  sums[g * pixels + p] = sum;
                  from += s.in_channels;
                }
              }
            });
  const int32_t outside = static_cast<int32_t>(s.in_channels) * zx;
  const int64_t lines = s.batch * s.out[0] * s.out[1];
  ForRanges(
      pool, s.groups * lines,
      GrainFor(kLightGrain, s.out[2] * Volume(s.kernel)),
      [&](int64_t begin, int64_t end) {
        for (int64_t line = begin; line < end; ++line) {
          const int64_t image = line / (s.out[0] * s.out[1]);  // g * batch + n
          const int64_t od = line / s.out[1] % s.out[0];
          const int64_t oh = line % s.out[1];
          int32_t* const to = y + line * s.out[2];
          std::fill(to, to + s.out[2], 0);
          for (int64_t k = 0; k < s.kernel[0] * s.kernel[1]; ++k) {
            const int64_t d = od * s.stride[0] - s.pad_begin[0] +
                              k / s.kernel[1] * s.dilation[0];
            const int64_t h = oh * s.stride[1] - s.pad_begin[1] +
                              k % s.kernel[1] * s.dilation[1];
            const bool inside = d >= 0 && d < s.in[0] && h >= 0 && h < s.in[1];
            const int32_t* const row =
                inside ? sums + ((image * s.in[0] + d) * s.in[1] + h) * s.in[2]
                       : nullptr;
            for (int64_t kw = 0; kw < s.kernel[2]; ++kw) {
              const int64_t first = kw * s.dilation[2] - s.pad_begin[2];
              for (int64_t ow = 0; ow < s.out[2]; ++ow) {
                const int64_t w = first + ow * s.stride[2];
                to[ow] += inside && w >= 0 && w < s.in[2] ? row[w] : outside;
              }
            }
          }
        }
      });
}

}  // namespace hone
