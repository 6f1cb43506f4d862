#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/simplify/shape_facts.h"
#include "ir/views/gemm_view.h"

namespace hone {
namespace {

bool IsMatrix(const GraphEdit& edit, absl::string_view value) {
  const Shape* shape = edit.ShapeOf(value);
  return shape != nullptr && shape->size() == 2;
}

bool IsReal(DType dtype) {
  return dtype == DType::kF32 || dtype == DType::kF16 || dtype == DType::kF64 ||
         dtype == DType::kBF16;
}

// Whether `c` broadcasts to `to`, so that the sum has the product's extents.
bool BroadcastsTo(const Shape* c, const Shape* to) {
  if (c == nullptr || to == nullptr || c->size() > to->size()) return false;
  const size_t offset = to->size() - c->size();
  for (size_t i = 0; i < c->size(); ++i) {
    const Dim& dim = (*c)[i];
    if (dim.known() && dim.value == 1) continue;
    if (!SameDim(dim, (*to)[offset + i])) return false;
  }
  return true;
}

void FuseBias(GraphEdit& edit, int i) {
  const Node& add = edit.node(i);
  if (!add.Is("Add") || add.inputs.size() != 2 || edit.Opset() < 7) return;
  for (size_t side = 0; side < 2; ++side) {
    const int product = edit.Producer(add.inputs[side]);
    if (product < 0 || !edit.OnlyReader(add.inputs[side]) ||
        add.inputs[0] == add.inputs[1]) {
      continue;
    }
    const Node& node = edit.node(product);
    const bool gemm = node.Is("Gemm") && node.Input(2).empty();
    const std::string& c = add.inputs[1 - side];
    if ((!gemm && !node.Is("MatMul")) ||
        !IsReal(edit.DTypeOf(add.outputs[0])) ||
        !IsMatrix(edit, node.inputs[0]) || !IsMatrix(edit, node.inputs[1]) ||
        !BroadcastsTo(edit.ShapeOf(c), edit.ShapeOf(add.inputs[side]))) {
      continue;
    }
    Node fused = node;
    fused.op_type = "Gemm";
    fused.inputs.resize(2);
    fused.inputs.push_back(c);
    fused.RemoveAttribute("beta");
    edit.Replace(i, std::move(fused), "fused",
                 absl::StrCat("with ", NodeLabel(node), " into Gemm"));
    return;
  }
}

void FuseTransposes(GraphEdit& edit, int i) {
  for (size_t side = 0; side < 2; ++side) {
    const Node& gemm = edit.node(i);
    const int inner = edit.Producer(gemm.inputs[side], "Transpose");
    if (inner < 0 || !IsMatrix(edit, gemm.inputs[side]) ||
        !edit.OnlyReader(gemm.inputs[side]) ||
        gemm.inputs[0] == gemm.inputs[1]) {
      continue;
    }
    const Node transpose = edit.node(inner);
    const std::vector<int64_t> perm = transpose.IntsAttribute("perm");
    if (!perm.empty() && perm != std::vector<int64_t>{1, 0}) continue;
    const std::string name = side == 0 ? "transA" : "transB";
    Node fused = gemm;
    fused.inputs[side] = transpose.inputs[0];
    fused.SetAttribute(
        Attribute::Int(name, gemm.IntAttribute(name, 0) != 0 ? 0 : 1));
    edit.SetNode(i, std::move(fused));
    edit.Say(transpose, "fused",
             absl::StrCat("into ", NodeLabel(edit.node(i)), " (Gemm)"));
  }
}

}  // namespace

void FuseGemm(GraphEdit& edit) {
  for (int i = 0; i < edit.size(); ++i) {
    if (!edit.Alive(i)) continue;
    FuseBias(edit, i);
    if (edit.node(i).Is("Gemm") && edit.node(i).inputs.size() >= 2) {
      FuseTransposes(edit, i);
    }
  }
}

}  // namespace hone
