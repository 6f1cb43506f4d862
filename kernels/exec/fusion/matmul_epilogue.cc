#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/exec/fusion/activation.h"
#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"
#include "kernels/exec/ops/registry.h"

namespace hone {
namespace {

bool IsInternal(const Node& node, absl::string_view op_type) {
  return node.domain == kInternalDomain && node.op_type == op_type;
}

bool IsMatMul(const Node& node) {
  return node.Is("MatMul") || IsInternal(node, "FusedMatMul");
}

bool IsGemm(const Node& node) {
  return node.Is("Gemm") || IsInternal(node, "FusedGemm");
}

Node Fusable(const Node& node) {
  Node fused = node;
  if (fused.domain != kInternalDomain) {
    fused.domain = std::string(kInternalDomain);
    fused.op_type = "Fused" + node.op_type;
  }
  return fused;
}

// Output columns of a product with a constant right side; -1 when not known.
int64_t ColumnsOf(const NodeTable& table, const Node& node) {
  const Tensor* b = table.Constant(node.Input(1));
  if (b == nullptr || b->dtype() != DType::kF32 || b->rank() < 2) return -1;
  const bool transposed = IsGemm(node) && node.IntAttribute("transB", 0) != 0;
  return b->dims()[b->rank() - (transposed ? 2 : 1)];
}

bool FuseBiasAt(NodeTable& table, int at) {
  const Node& add = table.node(at);
  if (!add.Is("Add") || add.inputs.size() != 2) return false;
  for (int side = 0; side < 2; ++side) {
    const int producer = table.Producer(add.inputs[side]);
    const Tensor* bias = table.Constant(add.inputs[1 - side]);
    if (producer < 0 || bias == nullptr || bias->dtype() != DType::kF32 ||
        !table.ReadOnlyBy(add.inputs[side], at)) {
      continue;
    }
    const Node& product = table.node(producer);
    const bool matmul = IsMatMul(product);
    if ((!matmul && !product.Is("Gemm")) || !product.Input(2).empty() ||
        !product.StringAttribute("activation", "").empty()) {
      continue;
    }
    if (matmul && FindKernel(kInternalDomain, "FusedMatMul") == nullptr) {
      continue;
    }
    const int64_t columns = ColumnsOf(table, product);
    const Type& type = table.TypeOf(add.inputs[side]);
    // A bias of more axes than the product would add axes to the sum.
    if (columns < 0 || bias->size() != columns || bias->rank() < 1 ||
        bias->dims().back() != columns || !type.shape.has_value() ||
        bias->rank() > static_cast<int>(type.shape->size())) {
      continue;
    }
    Node fused = matmul ? Fusable(product) : product;
    fused.inputs.resize(3);
    fused.inputs[2] = add.inputs[1 - side];
    if (bias->rank() != 1) {
      fused.inputs[2] =
          table.AddConstant(fused.inputs[2], bias->Reshaped({columns}));
    }
    // beta scales C, and C was added as it is.
    if (!matmul) fused.RemoveAttribute("beta");
    fused.outputs = add.outputs;
    table.Replace(at, std::move(fused), {producer});
    return true;
  }
  return false;
}

bool FuseActivationAt(NodeTable& table, int at) {
  const Node& node = table.node(at);
  if (node.inputs.empty() || node.inputs[0].empty()) return false;
  const std::optional<Activation> activation = ActivationOf(table, node);
  if (!activation.has_value()) return false;
  const int producer = table.Producer(node.inputs[0]);
  if (producer < 0 || !table.ReadOnlyBy(node.inputs[0], at)) return false;
  const Node& product = table.node(producer);
  const bool fits =
      (IsMatMul(product) && FindKernel(kInternalDomain, "FusedMatMul")) ||
      (IsGemm(product) && FindKernel(kInternalDomain, "FusedGemm"));
  if (!fits || !product.StringAttribute("activation", "").empty() ||
      table.TypeOf(node.inputs[0]).dtype != DType::kF32) {
    return false;
  }
  Node fused = Fusable(product);
  fused.SetAttribute(Attribute::String("activation", activation->name));
  fused.SetAttribute(
      Attribute::Floats("activation_params", activation->params));
  fused.outputs = node.outputs;
  table.Replace(at, std::move(fused), {producer});
  return true;
}

int ForEachNode(FusionGraph& graph, bool (*fuse)(NodeTable&, int)) {
  NodeTable table(graph);
  int made = 0;
  for (int i = 0; i < table.size(); ++i) made += fuse(table, i) ? 1 : 0;
  table.Finish();
  return made;
}

}  // namespace

int FuseMatMulBias(FusionGraph& graph) {
  return ForEachNode(graph, FuseBiasAt);
}

int FuseMatMulActivation(FusionGraph& graph) {
  return ForEachNode(graph, FuseActivationAt);
}

}  // namespace hone
