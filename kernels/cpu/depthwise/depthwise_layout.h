// Where depthwise.cc keeps the part of a padded plane that it works on.
//
// Padded element (i, j) lies in phase (i % stride_h, j % stride_w), at row i /
// stride_h and column j / stride_w. So every kernel tap of a run of outputs
// reads a run of neighbours, whatever the stride, and rows of outputs follow
// each other at the same pitch as rows of inputs: a whole strip of output rows
// is one run, with a few surplus elements between rows.
#ifndef HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_LAYOUT_H_
#define HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_LAYOUT_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {

struct DepthwiseLayout {
  // Floats that vectors may read and write past the end of a run: the longest
  // step of any instruction set.
  static constexpr int64_t kSlack = 64;
  // A strip that the first-level cache holds.
  static constexpr int64_t kStripFloats = 6144;

  explicit DepthwiseLayout(const ConvShape& s) {
    const int64_t reach_h = (s.kernel[1] - 1) * s.dilation[1];
    const int64_t reach_w = (s.kernel[2] - 1) * s.dilation[2];
    pitch = s.out[2] + reach_w / s.stride[2];
    const int64_t halo = reach_h / s.stride[1];
    const int64_t phases = s.stride[1] * s.stride[2];
    strip = std::clamp<int64_t>(kStripFloats / (phases * pitch) - halo, 1,
                                std::max<int64_t>(s.out[1], 1));
    rows = strip + halo;
    phase = rows * pitch + kSlack;
    input_size = phases * phase;
    output_size = strip * pitch + kSlack;
    taps.reserve(static_cast<size_t>(Volume(s.kernel)));
    for (int64_t kh = 0; kh < s.kernel[1]; ++kh) {
      for (int64_t kw = 0; kw < s.kernel[2]; ++kw) {
        const int64_t h = kh * s.dilation[1];
        const int64_t w = kw * s.dilation[2];
        taps.push_back((h % s.stride[1] * s.stride[2] + w % s.stride[2]) *
                           phase +
                       h / s.stride[1] * pitch + w / s.stride[2]);
      }
    }
  }

  int64_t pitch;              // between rows, of inputs and outputs
  int64_t strip;              // output rows computed together
  int64_t rows;               // input rows of one phase that they need
  int64_t phase;              // between phases
  int64_t input_size;         // floats of all phases
  int64_t output_size;        // floats of a strip's outputs
  std::vector<int64_t> taps;  // where output 0 meets each tap
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_LAYOUT_H_
