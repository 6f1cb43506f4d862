// Depthwise convolution of uint8 activations with int8 weights, channels last:
// conv.h with in_channels = out_channels = 1.
//
// The bytes of four taps are interleaved channel by channel and multiplied at
// once, as the products of ../gemm are.
#ifndef HONE_KERNELS_CPU_INT8_DEPTHWISE_DEPTHWISE_H_
#define HONE_KERNELS_CPU_INT8_DEPTHWISE_DEPTHWISE_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/depthwise/weights.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// One input and output channel a group, at most two spatial axes, at most 64
// taps.
bool Int8DepthwiseApplies(const ConvShape& shape);

// Neighbouring outputs of a row that are computed as channels of one: where
// there are few channels, `weights` and the epilogue's arrays are those of this
// many pixels, one after the other. In, pads and out don't matter.
int64_t Int8DepthwisePixelsTogether(const ConvShape& shape);

size_t Int8DepthwiseScratchBytes(const ConvShape& shape);

// x [batch, in..., channels] uint8; y [batch, out..., channels] as the epilogue
// says, whose arrays are in Int8DepthwiseWeights::Arrange's order. No overlap.
// weights.channels() is shape.groups * Int8DepthwisePixelsTogether(shape).
void Int8Depthwise(const ConvShape& shape, const uint8_t* x, uint8_t zx,
                   const Int8DepthwiseWeights& weights,
                   const Int8Epilogue& epilogue, void* y, std::byte* scratch,
                   ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_DEPTHWISE_DEPTHWISE_H_
