// Types of images whose channels lie in blocks (kernels/cpu/blocked/blocks.h):
// [n, c, d...] and [n, ceil(c / block), d..., block].
#ifndef HONE_KERNELS_EXEC_BLOCK_TYPES_H_
#define HONE_KERNELS_EXEC_BLOCK_TYPES_H_

#include <cstdint>

#include "ir/graph/graph.h"
#include "ir/type/type.h"

namespace hone {

// kUnknown or without a shape where `plain` does not say enough.
Type BlockedType(const Type& plain, int64_t block);
// `channels`: those that are not padding.
Type PlainType(const Type& blocked, int64_t channels);

// The output of hone.internal's ChannelsToBlocks and BlocksToChannels, which
// no table of operators has; kUnknown for any other node.
Type InferBlockNode(const Node& node, const Type& x);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_BLOCK_TYPES_H_
