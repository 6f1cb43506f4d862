// float32 transposed convolution, ONNX's ConvTranspose:
//
//   y[n, m, o] = f(bias[m] + sum x[n, c, i] * w[c, m, k])
//   over every c of m's group, i and k with i * stride + k * dilation
//   - pad_begin = o
//
// x [n, groups * in_channels, in...], w [groups * in_channels, out_channels,
// kernel...], y [n, groups * out_channels, out...]; here `out` is given, not
// derived. No overlap.
//
// Computed as one product w' [out_channels * kernel, in_channels] * x a group,
// whose rows are then added to where they belong, tap after tap: the same bits
// for any number of threads. Scratch holds the product for one image.
#ifndef HONE_KERNELS_CPU_CONV_TRANSPOSE_CONV_TRANSPOSE_H_
#define HONE_KERNELS_CPU_CONV_TRANSPOSE_CONV_TRANSPOSE_H_

#include <cstddef>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

PackedRows PackConvTransposeWeights(const ConvShape& shape, const float* w);

// `scratch`: ConvTransposeScratchBytes(shape, pool.threads()), 64-byte aligned.
// `bias` [groups * out_channels] may be null.
size_t ConvTransposeScratchBytes(const ConvShape& shape, int threads);
void ConvTranspose(const ConvShape& shape, const float* x, const PackedRows& w,
                   const float* bias, const Activation& activation, float* y,
                   std::byte* scratch, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_TRANSPOSE_CONV_TRANSPOSE_H_
