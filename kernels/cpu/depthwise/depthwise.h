// float32 convolution of groups of one input channel, over one or two axes:
//
//   y[n, m, o] = f(bias[m] + residual[n, m, o]
//                  + sum_k w[m, k] * x[n, m / out_channels, o * stride - pad
//                                      + k * dilation])
//
// x [n, groups, in...], w [groups * out_channels, kernel...], y [n, groups *
// out_channels, out...], no overlap. Taps are summed with fused
// multiply-adds in an order that depends on the extents alone. Defined by
// conv_ref.h.
#ifndef HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_H_
#define HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_H_

#include <cstddef>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// One input channel a group, nothing along the outermost axis.
bool IsDepthwise(const ConvShape& shape);

// Requires IsDepthwise(shape). `scratch`: DepthwiseScratchBytes(shape,
// pool.threads()), 64-byte aligned.
size_t DepthwiseScratchBytes(const ConvShape& shape, int threads);
void DepthwiseConv(const ConvShape& shape, const float* x, const float* w,
                   const ConvEpilogue& epilogue, float* y, std::byte* scratch,
                   ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_H_
