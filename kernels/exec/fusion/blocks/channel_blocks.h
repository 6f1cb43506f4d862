// The fusion "channel_blocks": convolutions, and what lies between them, over
// images whose channels lie in blocks (ops/blocked/blocked.h).
#ifndef HONE_KERNELS_EXEC_FUSION_BLOCKS_CHANNEL_BLOCKS_H_
#define HONE_KERNELS_EXEC_FUSION_BLOCKS_CHANNEL_BLOCKS_H_

#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

// Returns the number of nodes put on blocks.
int PutChannelsInBlocks(FusionGraph& graph);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_BLOCKS_CHANNEL_BLOCKS_H_
