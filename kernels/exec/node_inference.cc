#include "kernels/exec/node_inference.h"

#include <utility>

#include "ir/error/error.h"
#include "ir/ops/op_info.h"
#include "ir/ops/partial_tensor.h"
#include "kernels/exec/block_types.h"
#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

absl::StatusOr<NodeTypes> InferNode(const Node& node, int64_t opset,
                                    std::vector<Type> inputs,
                                    std::vector<const Tensor*> contents) {
  NodeTypes result;
  result.types.resize(node.outputs.size());
  result.contents.resize(node.outputs.size());
  if (node.domain == kInternalDomain && inputs.size() == 1 &&
      !result.types.empty()) {
    result.types[0] = InferBlockNode(node, inputs[0]);
    return result;
  }
  const OpInfo* op = FindOp(node.domain, node.op_type, opset);
  if (op == nullptr || op->infer == nullptr) return result;

  HONE_RETURN_IF_ERROR(CheckArity(*op, node));

  std::vector<std::optional<PartialTensor>> partial;
  InferInput in;
  in.node = &node;
  in.opset = opset;
  for (const Tensor* tensor : contents) {
    partial.push_back(tensor == nullptr ? std::nullopt
                                        : PartialTensor::Of(*tensor));
  }
  for (const std::optional<PartialTensor>& tensor : partial) {
    in.partial.push_back(tensor.has_value() ? &*tensor : nullptr);
  }
  in.inputs = std::move(inputs);
  in.contents = std::move(contents);
  InferOutput out;
  out.types.resize(node.outputs.size());
  HONE_RETURN_IF_ERROR(WithNode(op->infer(in, &out), NodeLabel(node)));
  out.types.resize(node.outputs.size());
  result.types = std::move(out.types);
  if (op->fold == nullptr) return result;
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    const std::optional<PartialTensor> folded =
        op->fold(in, i, result.types[i]);
    if (!folded.has_value()) continue;
    std::optional<Tensor> tensor = folded->ToTensor();
    if (tensor.has_value()) result.contents[i] = *std::move(tensor);
  }
  return result;
}

std::optional<Dims> ExtentsOf(const Type& type) {
  if (!type.is_tensor() || !type.shape.has_value()) return std::nullopt;
  return KnownDims(*type.shape);
}

Type TypeOfView(const TensorView& view) {
  if (!view.present()) return Type();
  return Type::OfTensor(view.dtype, ShapeOf(view.dims));
}

}  // namespace hone
