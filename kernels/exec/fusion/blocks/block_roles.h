// What each node could do with its channels in blocks, and whether its
// neighbours make that worth while.
#ifndef HONE_KERNELS_EXEC_FUSION_BLOCKS_BLOCK_ROLES_H_
#define HONE_KERNELS_EXEC_FUSION_BLOCKS_BLOCK_ROLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

enum class BlockRole : uint8_t {
  kNone,        // needs the plain layout
  kConv,        // one group; its input may be plain
  kDepthwise,   // one channel a group
  kPool,        // MaxPool, AveragePool
  kGlobalPool,  // GlobalAveragePool, or ReduceMean over the pixels
  kScale,       // BatchNormalization: a depthwise convolution of one tap
  kGate,        // Mul of an image with a factor a channel and sample
  kElement,     // the same node, on whatever layout
  kConcat,      // along the channels, of whole blocks each
};

class BlockGraph {
 public:
  explicit BlockGraph(const FusionGraph& graph);

  // The role of a node by itself.
  BlockRole RoleOf(const Node& node) const;
  // The inputs that are images, of a node whose role is `role`.
  std::vector<size_t> ImagesOf(const Node& node, BlockRole role) const;
  // Constants that lie along the channels of an element-wise node's images.
  std::vector<size_t> ChannelConstantsOf(const Node& node) const;

  // kGate: which input is the factor, of one pixel.
  size_t GateOf(const Node& node) const;

  // Null when it is no constant.
  const Tensor* Constant(absl::string_view value) const;
  // Channels of an image of float32, rank 3 or 4; 0 for anything else.
  int64_t ChannelsOf(const std::string& value) const;

  // The roles that pay: connected nodes keep theirs together or lose them. A
  // conversion costs what it moves, a convolution saves a part of what it
  // computes.
  std::vector<BlockRole> Choose() const;

 private:
  bool IsOnePixel(const std::string& value) const;
  double Elements(const std::string& value) const;
  double Saved(const Node& node, BlockRole role) const;
  bool IsChannelConstant(const std::string& value, int64_t channels) const;

  const FusionGraph& graph_;
  const int64_t block_;
  absl::flat_hash_map<std::string, const Tensor*> constants_;
};

// A first convolution of so few channels reads them as they are.
bool TakesPlainInput(int64_t channels);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_BLOCKS_BLOCK_ROLES_H_
