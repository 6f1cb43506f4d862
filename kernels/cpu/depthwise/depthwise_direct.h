// Depthwise convolution straight from the image: see direct_plan.h.
#ifndef HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_DIRECT_H_
#define HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_DIRECT_H_

#include <cstdint>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/depthwise/direct_plan.h"

namespace hone {

// Lanes that DirectPlan is to be made for.
int64_t DirectLanes();

// Planes [begin, end) of y's batch * channels. `buffer`: plan.BufferSize()
// floats.
void DepthwiseDirect(const ConvShape& shape, const DirectPlan& plan,
                     const float* x, const float* w,
                     const ConvEpilogue& epilogue, int64_t begin, int64_t end,
                     float* buffer, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_DEPTHWISE_DEPTHWISE_DIRECT_H_
