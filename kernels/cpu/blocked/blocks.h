// Images whose channels lie in blocks, one vector each:
//
//   plain    [n, channels, pixels...]
//   blocked  [n, blocks, pixels..., block],  blocks = ceil(channels / block)
//
// Channel c of a pixel is lane c % block of block c / block. A kernel then
// takes a vector of channels of one pixel with one load, whatever the image's
// width; the layout of ONNX Runtime's NCHWc and oneDNN's nChw16c. Lanes past
// the last channel hold finite numbers that meet zero weights.
#ifndef HONE_KERNELS_CPU_BLOCKED_BLOCKS_H_
#define HONE_KERNELS_CPU_BLOCKED_BLOCKS_H_

#include <cstdint>

#include "kernels/threads/thread_pool.h"

namespace hone {

// Floats of a vector of the instruction set in use, at most kMaxChannelBlock.
int64_t ChannelBlock();
inline constexpr int64_t kMaxChannelBlock = 16;

inline int64_t ChannelBlocks(int64_t channels) {
  return (channels + ChannelBlock() - 1) / ChannelBlock();
}

// Plain to blocked; lanes past the last channel become 0. No overlap.
void BlockChannels(const float* x, int64_t batch, int64_t channels,
                   int64_t pixels, float* y, ThreadPool& pool);
// Blocked to plain.
void UnblockChannels(const float* x, int64_t batch, int64_t channels,
                     int64_t pixels, float* y, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKS_H_
