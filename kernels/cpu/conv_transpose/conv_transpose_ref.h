// The definition of conv_transpose.h, summed in double and rounded once.
#ifndef HONE_KERNELS_CPU_CONV_TRANSPOSE_CONV_TRANSPOSE_REF_H_
#define HONE_KERNELS_CPU_CONV_TRANSPOSE_CONV_TRANSPOSE_REF_H_

#include <cstdint>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {

template <typename T>
void ConvTransposeRef(const ConvShape& s, const T* x, const T* w, const T* bias,
                      T* y) {
  const int64_t kernel = Volume(s.kernel);
  std::vector<double> plane(static_cast<size_t>(s.out_size()));
  for (int64_t n = 0; n < s.batch; ++n) {
    for (int64_t m = 0; m < s.groups * s.out_channels; ++m) {
      plane.assign(plane.size(), bias == nullptr ? 0 : bias[m]);
      const int64_t group = m / s.out_channels;
      for (int64_t c = 0; c < s.in_channels; ++c) {
        const int64_t channel = group * s.in_channels + c;
        const T* const from =
            x + (n * s.groups * s.in_channels + channel) * s.in_size();
        const T* const taps =
            w + (channel * s.out_channels + m % s.out_channels) * kernel;
        for (int64_t i = 0; i < s.in_size(); ++i) {
          for (int64_t k = 0; k < kernel; ++k) {
            const int64_t at[3] = {i / (s.in[1] * s.in[2]),
                                   i / s.in[2] % s.in[1], i % s.in[2]};
            const int64_t tap[3] = {k / (s.kernel[1] * s.kernel[2]),
                                    k / s.kernel[2] % s.kernel[1],
                                    k % s.kernel[2]};
            int64_t index = 0;
            bool inside = true;
            for (int a = 0; a < 3; ++a) {
              const int64_t o =
                  at[a] * s.stride[a] + tap[a] * s.dilation[a] - s.pad_begin[a];
              inside = inside && o >= 0 && o < s.out[a];
              index = index * s.out[a] + o;
            }
            if (inside) plane[index] += static_cast<double>(from[i]) * taps[k];
          }
        }
      }
      T* const to = y + (n * s.groups * s.out_channels + m) * s.out_size();
      for (int64_t i = 0; i < s.out_size(); ++i) {
        to[i] = static_cast<T>(plane[i]);
      }
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_TRANSPOSE_CONV_TRANSPOSE_REF_H_
