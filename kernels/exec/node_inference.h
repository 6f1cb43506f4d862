// One node's output types, from its input types and what is known of their
// contents: the step of shape inference that a Plan repeats for new extents.
#ifndef HONE_KERNELS_EXEC_NODE_INFERENCE_H_
#define HONE_KERNELS_EXEC_NODE_INFERENCE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/kernel.h"

namespace hone {

struct NodeTypes {
  std::vector<Type> types;       // one a node output; kUnknown: nothing known
  std::vector<Tensor> contents;  // one a node output; undefined: not known
};

// `contents` has one entry an input; null where it is not known.
// InvalidArgument: the inputs contradict the operator's definition; names the
// node.
absl::StatusOr<NodeTypes> InferNode(const Node& node, int64_t opset,
                                    std::vector<Type> inputs,
                                    std::vector<const Tensor*> contents);

// The extents of a tensor type, if all are known.
std::optional<Dims> ExtentsOf(const Type& type);

// The type of what a view shows.
Type TypeOfView(const TensorView& view);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_NODE_INFERENCE_H_
