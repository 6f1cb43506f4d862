#include "kernels/exec/expand/expand.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ir/error/error.h"
#include "ir/ops/op_info.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/rewrite/node_maker.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/expand/expansions.h"

namespace hone {
namespace {

constexpr absl::string_view kMicrosoft = "com.microsoft";

constexpr Expansion kExpansions[] = {
    {kMicrosoft, "Attention", ExpandAttention,
     "MatMul, Add, Split, MultiHeadAttention"},
    {kMicrosoft, "BiasSoftmax", ExpandBiasSoftmax, "Add, Softmax"},
    {kMicrosoft, "DynamicQuantizeMatMul", ExpandDynamicQuantizeMatMul,
     "DynamicQuantizeLinear, MatMulIntegerToFloat"},
    {kMicrosoft, "EmbedLayerNormalization", ExpandEmbedLayerNormalization,
     "Gather, Add, SkipLayerNormalization"},
    {kMicrosoft, "FusedGemm", ExpandFusedGemm, "Gemm, an activation"},
    {kMicrosoft, "FusedMatMul", ExpandFusedMatMul, "Transpose, MatMul, Mul"},
    {kMicrosoft, "NhwcFusedConv", ExpandNhwcFusedConv, "Transpose, FusedConv"},
    {kMicrosoft, "NhwcMaxPool", ExpandNhwcMaxPool, "Transpose, MaxPool"},
    {kMicrosoft, "QAttention", ExpandAttention,
     "MatMulIntegerToFloat, Split, MultiHeadAttention"},
    {kMicrosoft, "QEmbedLayerNormalization", ExpandQEmbedLayerNormalization,
     "Gather, DequantizeLinear, Add, SkipLayerNormalization"},
    {kMicrosoft, "QGemm", ExpandQGemm,
     "DequantizeLinear, Gemm, QuantizeLinear"},
    {kMicrosoft, "QLinearAdd", ExpandQLinearBinary,
     "DequantizeLinear, Add, QuantizeLinear"},
    {kMicrosoft, "QLinearAveragePool", ExpandQLinearPool,
     "DequantizeLinear, AveragePool, QuantizeLinear"},
    {kMicrosoft, "QLinearConcat", ExpandQLinearConcat,
     "DequantizeLinear, Concat, QuantizeLinear"},
    {kMicrosoft, "QLinearConv", ExpandQLinearConv, "Transpose, QLinearConv"},
    {kMicrosoft, "QLinearGlobalAveragePool", ExpandQLinearPool,
     "DequantizeLinear, GlobalAveragePool, QuantizeLinear"},
    {kMicrosoft, "QLinearLeakyRelu", ExpandQLinearUnary,
     "DequantizeLinear, LeakyRelu, QuantizeLinear"},
    {kMicrosoft, "QLinearMul", ExpandQLinearBinary,
     "DequantizeLinear, Mul, QuantizeLinear"},
    {kMicrosoft, "QLinearReduceMean", ExpandQLinearReduceMean,
     "DequantizeLinear, ReduceMean, QuantizeLinear"},
    {kMicrosoft, "QLinearSigmoid", ExpandQLinearUnary,
     "DequantizeLinear, Sigmoid, QuantizeLinear"},
    {kMicrosoft, "QLinearSoftmax", ExpandQLinearSoftmax,
     "DequantizeLinear, Softmax, QuantizeLinear"},
    {kMicrosoft, "QLinearWhere", ExpandQLinearWhere,
     "DequantizeLinear, Where, QuantizeLinear"},
    {kMicrosoft, "TransposeMatMul", ExpandFusedMatMul,
     "Transpose, MatMul, Mul"},
};

const Graph* SubgraphOf(const Attribute& attribute) {
  const auto* body = std::get_if<std::shared_ptr<const Graph>>(&attribute.data);
  return body == nullptr ? nullptr : body->get();
}

bool HasExpandable(const Graph& graph) {
  return std::any_of(
      graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
        return FindExpansion(node.domain, node.op_type) != nullptr ||
               std::any_of(node.attributes.begin(), node.attributes.end(),
                           [](const Attribute& attribute) {
                             const Graph* body = SubgraphOf(attribute);
                             return body != nullptr && HasExpandable(*body);
                           });
      });
}

absl::Status Expand(Graph& graph, int64_t opset, const InferredTypes& types,
                    NameAllocator& names) {
  std::vector<Node> nodes;
  for (Node& node : graph.nodes) {
    for (Attribute& attribute : node.attributes) {
      const Graph* body = SubgraphOf(attribute);
      if (body == nullptr || !HasExpandable(*body)) continue;
      Graph copy = *body;
      HONE_RETURN_IF_ERROR(Expand(copy, opset, types, names));
      attribute.data = std::make_shared<const Graph>(std::move(copy));
    }
    const Expansion* expansion = FindExpansion(node.domain, node.op_type);
    if (expansion == nullptr) {
      nodes.push_back(std::move(node));
      continue;
    }
    const OpInfo* op = FindOp(node.domain, node.op_type, 1);
    if (op != nullptr) HONE_RETURN_IF_ERROR(CheckArity(*op, node));
    NodeMaker make(node, opset, types, names, nodes);
    HONE_RETURN_IF_ERROR(WithNode(expansion->expand(make), NodeLabel(node)));
  }
  graph.nodes = std::move(nodes);
  return absl::OkStatus();
}

}  // namespace

absl::Span<const Expansion> AllExpansions() { return kExpansions; }

const Expansion* FindExpansion(absl::string_view domain,
                               absl::string_view op_type) {
  if (domain != kMicrosoft) return nullptr;
  const auto* found =
      std::lower_bound(std::begin(kExpansions), std::end(kExpansions), op_type,
                       [](const Expansion& e, absl::string_view name) {
                         return e.op_type < name;
                       });
  return found != std::end(kExpansions) && found->op_type == op_type ? found
                                                                     : nullptr;
}

absl::Status ExpandOperators(Model& model) {
  if (!HasExpandable(model.graph)) return absl::OkStatus();
  // A file of com.microsoft's operators alone may import nothing else.
  const auto [opset, added] = model.opsets.emplace("", 17);
  model.opsets.emplace(std::string(kMicrosoft), 1);
  HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(model, {}));
  NameAllocator names(model.graph);
  return Expand(model.graph, opset->second, types, names);
}

}  // namespace hone
