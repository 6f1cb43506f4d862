// float32 convolution, ONNX's Conv:
//
//   y[n, m, o] = f(bias[m] + residual[n, m, o]
//                  + sum_{c, k} w[m, c, k] * x[n, c, o * stride - pad + k *
//                  dilation])
//
// with x zero outside its extents; c runs over the channels of m's group. x [n,
// groups * in_channels, in...], w [groups * out_channels, in_channels,
// kernel...], y [n, groups * out_channels, out...], row-major, no overlap.
//
// Computed as weights (packed once as row panels) times either shifted planes
// of the image (conv_taps.h) or patches that are gathered block by block.
// Summed with fused multiply-adds in an order that depends on the extents
// alone: the same bits for any number of threads.
#ifndef HONE_KERNELS_CPU_CONV_CONV_H_
#define HONE_KERNELS_CPU_CONV_CONV_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// w packed for Conv: PackedRows(w, groups, out_channels, shape.depth()).
// `scratch`: ConvScratchBytes(shape, pool.threads()), 64-byte aligned.
size_t ConvScratchBytes(const ConvShape& shape, int threads);
void Conv(const ConvShape& shape, const float* x, const PackedRows& w,
          const ConvEpilogue& epilogue, float* y, std::byte* scratch,
          ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_CONV_H_
