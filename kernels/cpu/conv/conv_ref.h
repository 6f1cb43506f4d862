// The definition of conv.h and depthwise.h, summed in double and rounded once.
#ifndef HONE_KERNELS_CPU_CONV_CONV_REF_H_
#define HONE_KERNELS_CPU_CONV_CONV_REF_H_

#include <cstdint>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/activation.h"

namespace hone {

// w: [groups * out_channels, in_channels, kernel...], as in the model.
template <typename T>
void ConvRef(const ConvShape& s, const T* x, const T* w, const T* bias, T* y) {
  const int64_t kernel = Volume(s.kernel);
  for (int64_t n = 0; n < s.batch; ++n) {
    for (int64_t m = 0; m < s.groups * s.out_channels; ++m) {
      const int64_t channel = m / s.out_channels * s.in_channels;
      for (int64_t o = 0; o < s.out_size(); ++o) {
        const int64_t at[3] = {o / (s.out[1] * s.out[2]),
                               o / s.out[2] % s.out[1], o % s.out[2]};
        double sum = bias == nullptr ? 0 : bias[m];
        for (int64_t c = 0; c < s.in_channels; ++c) {
          for (int64_t k = 0; k < kernel; ++k) {
            const int64_t kk[3] = {k / (s.kernel[1] * s.kernel[2]),
                                   k / s.kernel[2] % s.kernel[1],
                                   k % s.kernel[2]};
            int64_t index = n * s.groups * s.in_channels + channel + c;
            bool inside = true;
            for (int a = 0; a < 3; ++a) {
              const int64_t i =
                  at[a] * s.stride[a] - s.pad_begin[a] + kk[a] * s.dilation[a];
              inside = inside && i >= 0 && i < s.in[a];
              index = index * s.in[a] + i;
            }
            if (!inside) continue;
            sum += static_cast<double>(x[index]) *
                   w[(m * s.in_channels + c) * kernel + k];
          }
        }
        y[(n * s.groups * s.out_channels + m) * s.out_size() + o] =
            static_cast<T>(sum);
      }
    }
  }
}

// With the epilogue.
inline void ConvRef(const ConvShape& s, const float* x, const float* w,
                    const ConvEpilogue& epilogue, float* y) {
  ConvRef<float>(s, x, w, epilogue.bias, y);
  const int64_t size = s.batch * s.groups * s.out_channels * s.out_size();
  for (int64_t i = 0; i < size; ++i) {
    const float r = epilogue.residual == nullptr ? 0 : epilogue.residual[i];
    y[i] = Activate(epilogue.activation, y[i] + r);
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_CONV_REF_H_
