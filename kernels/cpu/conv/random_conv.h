// Inputs and shapes for the tests of convolutions.
#ifndef HONE_KERNELS_CPU_CONV_RANDOM_CONV_H_
#define HONE_KERNELS_CPU_CONV_RANDOM_CONV_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {

inline std::vector<float> RandomFloats(int64_t n, uint32_t seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(static_cast<size_t>(n));
  for (float& value : values) value = uniform(engine);
  return values;
}

// Sets `out` from the other extents and the end padding.
inline ConvShape WithOutput(ConvShape s, const Spatial& pad_end) {
  for (size_t i = 0; i < 3; ++i) {
    s.out[i] = (s.in[i] + s.pad_begin[i] + pad_end[i] -
                s.dilation[i] * (s.kernel[i] - 1) - 1) /
                   s.stride[i] +
               1;
  }
  return s;
}

// 2-D, square, equal padding on all sides.
inline ConvShape Square(int64_t batch, int64_t groups, int64_t in_channels,
                        int64_t out_channels, int64_t height, int64_t width,
                        int64_t kernel, int64_t stride, int64_t pad,
                        int64_t dilation = 1) {
  ConvShape s;
  s.batch = batch;
  s.groups = groups;
  s.in_channels = in_channels;
  s.out_channels = out_channels;
  s.in = {1, height, width};
  s.kernel = {1, kernel, kernel};
  s.stride = {1, stride, stride};
  s.dilation = {1, dilation, dilation};
  s.pad_begin = {0, pad, pad};
  return WithOutput(s, {0, pad, pad});
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_RANDOM_CONV_H_
