// The matrix that turns a convolution into a product: row k = (channel, kernel
// position) of column j = output position holds the input element they meet at,
// zero in the padding.
#ifndef HONE_KERNELS_CPU_CONV_PATCHES_H_
#define HONE_KERNELS_CPU_CONV_PATCHES_H_

#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"

namespace hone {

// Writes rows [k, k + depth) of columns [j, j + columns) as column panels
// [panel][depth][width]; the last panel's columns past `columns` are zero.
// `x` is one group's [in_channels][in]. Requires j + columns <= out_size().
void PackPatches(const ConvShape& shape, const float* x, int64_t k,
                 int64_t depth, int64_t j, int64_t columns, int64_t width,
                 float* out);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_PATCHES_H_
