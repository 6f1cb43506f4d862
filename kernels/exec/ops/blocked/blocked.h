// Kernels over images whose channels lie in blocks [n, blocks, d..., block]
// (kernels/cpu/blocked/blocks.h); the fusion "channel_blocks" makes their
// nodes, in the domain hone.internal. float32, one or two spatial axes.
//
//   ChannelsToBlocks<block>     [n, c, d...] -> [n, ceil(c / block), d...,
//                               block]; `block` is ChannelBlock()
//   BlocksToChannels<channels>  back
//   BlockedConv                 x, W, B?, residual?: FusedConv's formula and
//       attributes; W [m, c, k...] and B [m] constant and as ONNX has them;
//       group 1 or one channel a group. `plain_input` 1: x is [n, c, d...]
//   BlockedScale                x, scale of one pixel: x * scale
//   BlockedMaxPool, BlockedAveragePool, BlockedGlobalAveragePool    x
#ifndef HONE_KERNELS_EXEC_OPS_BLOCKED_BLOCKED_H_
#define HONE_KERNELS_EXEC_OPS_BLOCKED_BLOCKED_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeChannelsToBlocks(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeBlocksToChannels(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockedConv(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockedScale(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockedPool(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_BLOCKED_BLOCKED_H_
