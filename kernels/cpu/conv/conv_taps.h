// Convolution over one or two axes as weights times shifted planes: every input
// plane is copied once, padded and split by stride (tap_layout.h), and each
// kernel tap reads it at an offset. Nothing is gathered per tap.
#ifndef HONE_KERNELS_CPU_CONV_CONV_TAPS_H_
#define HONE_KERNELS_CPU_CONV_CONV_TAPS_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// False where it cannot be done (three axes), where there is nothing to shift
// (a pointwise convolution), and where the positions between output rows would
// cost more than they save.
bool ConvTapsPays(const ConvShape& shape);

// Vectors of outputs that Conv computes for one channel of an image.
int64_t ConvVectors(const ConvShape& shape);

// As Conv. Requires ConvTapsPays(shape) and a non-empty output.
size_t ConvTapsScratchBytes(const ConvShape& shape, int threads);
void ConvTaps(const ConvShape& shape, const float* x, const PackedRows& w,
              const ConvEpilogue& epilogue, float* y, float* scratch,
              ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_CONV_TAPS_H_
