// A padded plane, arranged so that every kernel tap of a run of outputs reads a
// run of neighbours, whatever the stride.
//
// Padded element (i, j) lies in phase (i % stride_h, j % stride_w), at row i /
// stride_h and column j / stride_w. Output (h, w) is position h * pitch + w;
// it meets tap t at position + taps[t]. Output rows follow each other at the
// same pitch as input rows, so a strip of them is one run of positions, with a
// few between rows that belong to no output.
#ifndef HONE_KERNELS_CPU_CONV_TAP_LAYOUT_H_
#define HONE_KERNELS_CPU_CONV_TAP_LAYOUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {

struct TapLayout {
  // Floats past the end of the last plane that must be readable: as much as
  // four vectors of any instruction set.
  static constexpr int64_t kSlack = 64;

  // For `strip_floats`: all of the plane in one strip.
  static constexpr int64_t kWholePlane =
      std::numeric_limits<int64_t>::max() / 4;

  // Strips take about `strip_floats` of a plane, at least one output row.
  // Requires one or two axes: nothing along the outermost.
  TapLayout(const ConvShape& s, int64_t strip_floats) {
    const int64_t reach_h = (s.kernel[1] - 1) * s.dilation[1];
    const int64_t reach_w = (s.kernel[2] - 1) * s.dilation[2];
    pitch = s.out[2] + reach_w / s.stride[2];
    const int64_t halo = reach_h / s.stride[1];
    const int64_t phases = s.stride[1] * s.stride[2];
    strip = std::clamp<int64_t>(strip_floats / (phases * pitch) - halo, 1,
                                std::max<int64_t>(s.out[1], 1));
    rows = strip + halo;
    phase = rows * pitch;
    plane = phases * phase;
    used.assign(static_cast<size_t>(phases), false);
    taps.reserve(static_cast<size_t>(Volume(s.kernel)));
    for (int64_t kh = 0; kh < s.kernel[1]; ++kh) {
      for (int64_t kw = 0; kw < s.kernel[2]; ++kw) {
        const int64_t h = kh * s.dilation[1];
        const int64_t w = kw * s.dilation[2];
        const int64_t p = h % s.stride[1] * s.stride[2] + w % s.stride[2];
        used[static_cast<size_t>(p)] = true;
        taps.push_back(p * phase + h / s.stride[1] * pitch + w / s.stride[2]);
      }
    }
  }

  // Positions from the first output to the last of `out_rows` rows.
  int64_t Run(int64_t out_rows, int64_t out_width) const {
    return (out_rows - 1) * pitch + out_width;
  }

  int64_t pitch;              // between rows
  int64_t strip;              // output rows arranged together
  int64_t rows;               // rows of a phase that they need
  int64_t phase;              // between phases
  int64_t plane;              // floats of all phases
  std::vector<bool> used;     // the phases that some tap reads
  std::vector<int64_t> taps;  // where position 0 meets each tap
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_TAP_LAYOUT_H_
