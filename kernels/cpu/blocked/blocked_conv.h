// float32 convolution over one or two axes whose output, and mostly input,
// has its channels in blocks (blocks.h). The formula is Conv's (conv/conv.h)
// with one group; x is [n, in_blocks, in..., block], or plain [n, in_channels,
// in...] for the first convolution of a network; y and the residual are [n,
// out_blocks, out..., block].
//
// Summed in an order that depends on the extents alone: the same bits for any
// number of threads.
#ifndef HONE_KERNELS_CPU_BLOCKED_BLOCKED_CONV_H_
#define HONE_KERNELS_CPU_BLOCKED_BLOCKED_CONV_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/blocked/blocked_product.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// One group, nothing along the outermost axis.
bool BlockedConvApplies(const ConvShape& shape);

// w: of shape.out_channels, shape.in_channels and the kernel's taps, for the
// same kind of input. epilogue.bias: ChannelBlocks(out_channels) blocks.
// `scratch`: BlockedConvScratchBytes, 64-byte aligned. Requires
// BlockedConvApplies(shape).
size_t BlockedConvScratchBytes(const ConvShape& shape, bool blocked_input,
                               int threads);
void BlockedConv(const ConvShape& shape, const float* x, bool blocked_input,
                 const BlockedWeights& w, const ConvEpilogue& epilogue,
                 float* y, std::byte* scratch, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKED_CONV_H_
