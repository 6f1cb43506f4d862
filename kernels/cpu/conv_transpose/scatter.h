// The second half of a transposed convolution: the products of every input with
// one tap, added to the outputs where they belong.
#ifndef HONE_KERNELS_CPU_CONV_TRANSPOSE_SCATTER_H_
#define HONE_KERNELS_CPU_CONV_TRANSPOSE_SCATTER_H_

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/activation.h"

namespace hone {

// y[i * stride + k * dilation - pad_begin] += products[k, i] for every tap k
// and input position i whose output exists, taps in order, starting from
// `bias`; then the activation. products [kernel..., in...], y [out...].
void ScatterTaps(const ConvShape& shape, const float* products, float bias,
                 const Activation& activation, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_TRANSPOSE_SCATTER_H_
