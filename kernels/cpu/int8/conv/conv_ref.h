// The definition of conv.h and of ../depthwise, one sum after the other.
#ifndef HONE_KERNELS_CPU_INT8_CONV_CONV_REF_H_
#define HONE_KERNELS_CPU_INT8_CONV_CONV_REF_H_

#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/gemm/epilogue.h"

namespace hone {

// x and y channels last; w as in the model; bias[groups * out_channels] (or
// null) without the zero point's share; multiplier[groups * out_channels].
template <typename X, typename Y>
void Int8ConvRef(const ConvShape& s, const X* x, int32_t zx, const int8_t* w,
                 const int32_t* bias, const float* multiplier,
                 const Int8Epilogue& epilogue, Y* y) {
  const int64_t kernel = Volume(s.kernel);
  const int64_t channels = s.groups * s.in_channels;
  const int64_t outputs = s.groups * s.out_channels;
  for (int64_t n = 0; n < s.batch; ++n) {
    for (int64_t o = 0; o < s.out_size(); ++o) {
      const int64_t at[3] = {o / (s.out[1] * s.out[2]), o / s.out[2] % s.out[1],
                             o % s.out[2]};
      for (int64_t m = 0; m < outputs; ++m) {
        uint32_t acc = bias == nullptr ? 0 : static_cast<uint32_t>(bias[m]);
        for (int64_t k = 0; k < kernel; ++k) {
          const int64_t kk[3] = {k / (s.kernel[1] * s.kernel[2]),
                                 k / s.kernel[2] % s.kernel[1],
                                 k % s.kernel[2]};
          int64_t pixel = n;
          bool inside = true;
          for (int a = 0; a < 3; ++a) {
            const int64_t i =
                at[a] * s.stride[a] - s.pad_begin[a] + kk[a] * s.dilation[a];
            inside = inside && i >= 0 && i < s.in[a];
            pixel = pixel * s.in[a] + i;
          }
          if (!inside) continue;
          for (int64_t c = 0; c < s.in_channels; ++c) {
            const int64_t channel = m / s.out_channels * s.in_channels + c;
            const int32_t product =
                (int32_t{x[pixel * channels + channel]} - zx) *
                w[(m * s.in_channels + c) * kernel + k];
            acc += static_cast<uint32_t>(product);
          }
        }
        const int32_t sum = static_cast<int32_t>(acc);
        y[(n * s.out_size() + o) * outputs + m] =
            epilogue.to_float ? static_cast<Y>(RescaleRef(sum, multiplier[m],
                                                          epilogue.float_low,
                                                          epilogue.float_high))
                              : static_cast<Y>(RequantizeRef(
                                    sum, multiplier[m], epilogue.zero_point,
                                    epilogue.low, epilogue.high));
      }
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_CONV_CONV_REF_H_
