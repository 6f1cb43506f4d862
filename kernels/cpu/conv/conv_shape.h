// The extents of one convolution, with three spatial axes; those that a 1-D or
// 2-D convolution lacks come first and have extent, kernel, stride and dilation
// 1.
//
//   out[i] = (pad_begin[i] + in[i] + pad_end[i]
//             - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1
#ifndef HONE_KERNELS_CPU_CONV_CONV_SHAPE_H_
#define HONE_KERNELS_CPU_CONV_CONV_SHAPE_H_

#include <array>
#include <cstdint>

namespace hone {

using Spatial = std::array<int64_t, 3>;

inline int64_t Volume(const Spatial& s) { return s[0] * s[1] * s[2]; }

struct ConvShape {
  int64_t batch = 1;
  int64_t groups = 1;
  int64_t in_channels = 1;   // of one group
  int64_t out_channels = 1;  // of one group
  Spatial in = {1, 1, 1};
  Spatial kernel = {1, 1, 1};
  Spatial stride = {1, 1, 1};
  Spatial dilation = {1, 1, 1};
  Spatial pad_begin = {0, 0, 0};
  Spatial out = {1, 1, 1};  // end padding is whatever this needs

  int64_t in_size() const { return Volume(in); }
  int64_t out_size() const { return Volume(out); }
  // Products summed for one output.
  int64_t depth() const { return in_channels * Volume(kernel); }
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_CONV_SHAPE_H_
