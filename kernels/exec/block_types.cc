#include "kernels/exec/block_types.h"

#include <cstdint>
#include <utility>

#include "ir/graph/graph.h"
#include "ir/type/type.h"

namespace hone {

Type BlockedType(const Type& plain, int64_t block) {
  if (!plain.is_tensor() || !plain.shape.has_value() ||
      plain.shape->size() < 2) {
    return Type::OfTensor(plain.dtype);
  }
  Shape shape = *plain.shape;
  const Dim& channels = shape[1];
  shape[1] = channels.known() ? Dim::Of((channels.value + block - 1) / block)
                              : Dim::Unknown();
  shape.push_back(Dim::Of(block));
  return Type::OfTensor(plain.dtype, std::move(shape));
}

Type PlainType(const Type& blocked, int64_t channels) {
  if (!blocked.is_tensor() || !blocked.shape.has_value() ||
      blocked.shape->size() < 3) {
    return Type::OfTensor(blocked.dtype);
  }
  Shape shape = *blocked.shape;
  shape.pop_back();
  shape[1] = Dim::Of(channels);
  return Type::OfTensor(blocked.dtype, std::move(shape));
}

Type InferBlockNode(const Node& node, const Type& x) {
  if (node.op_type == "ChannelsToBlocks") {
    return BlockedType(x, node.IntAttribute("block", 1));
  }
  if (node.op_type == "BlocksToChannels") {
    return PlainType(x, node.IntAttribute("channels", 0));
  }
  return Type();
}

}  // namespace hone
