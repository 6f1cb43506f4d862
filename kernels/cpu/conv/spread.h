// Brings a plane into a TapLayout.
#ifndef HONE_KERNELS_CPU_CONV_SPREAD_H_
#define HONE_KERNELS_CPU_CONV_SPREAD_H_

#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/tap_layout.h"

namespace hone {

// Writes the phases in use, padding included, of the input rows that output
// rows [first, first + layout.strip) need. x: one channel [in...]; out:
// layout.plane floats.
void SpreadPlane(const ConvShape& shape, const TapLayout& layout,
                 const float* x, int64_t first, float* out);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_SPREAD_H_
