#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/ops/partial_tensor.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/simplify/shape_facts.h"

namespace hone {
namespace {

constexpr int64_t kShapeTakesARange = 15;

// The target that a Reshape whose target is computed could have as a constant.
std::optional<std::vector<int64_t>> ConstantTarget(const GraphEdit& edit,
                                                   const Node& reshape) {
  const Shape* from = edit.ShapeOf(reshape.inputs[0]);
  const Shape* to = edit.ShapeOf(reshape.outputs[0]);
  if (from == nullptr || to == nullptr) return std::nullopt;
  const PartialTensor* partial = edit.PartialOf(reshape.inputs[1]);
  // A target that already has -1 keeps its meaning for every input; the rest
  // of it must be known.
  if (partial != nullptr && partial->elements.size() == to->size() &&
      reshape.IntAttribute("allowzero", 0) == 0) {
    std::vector<int64_t> target;
    int left = 0;
    for (size_t i = 0; i < to->size(); ++i) {
      const PartialElement& element = partial->elements[i];
      if (element.known && (element.value == -1 || element.value > 0)) {
        left += element.value == -1 ? 1 : 0;
        target.push_back(element.value);
      } else if (!element.known && !element.symbol.empty() &&
                 i < from->size() && element.symbol == (*from)[i].symbol) {
        target.push_back(0);
      } else {
        break;
      }
    }
    if (target.size() == to->size() && left <= 1) return target;
  }
  return ReshapeTarget(*from, *to);
}

void SettleReshape(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  if (!node.Is("Reshape") || node.inputs.size() != 2 ||
      edit.Constant(node.inputs[1]) != nullptr) {
    return;
  }
  const auto target = ConstantTarget(edit, node);
  if (!target.has_value()) return;
  const Node before = node;
  Node settled = node;
  settled.RemoveAttribute("allowzero");
  settled.inputs[1] = edit.AddConstant(absl::StrCat(node.outputs[0], "_shape"),
                                       Int64Vector(*target));
  edit.SetNode(i, std::move(settled));
  edit.Say(before, "settled", "its target is known without the input");
}

// What the elements are; "" when one of them is not known.
std::string Contents(const PartialTensor& partial) {
  std::string key =
      absl::StrCat(DTypeName(partial.dtype), DimsToString(partial.dims));
  for (const PartialElement& element : partial.elements) {
    if (!element.known && element.symbol.empty()) return "";
    if (element.known && partial.dtype == DType::kF32) return "";
    absl::StrAppend(
        &key, element.known ? "=" : "$",
        element.known ? absl::StrCat(element.value) : element.symbol, ";");
  }
  return key;
}

// Values that hold the same extents, however they were computed, are one.
void MergeEqualExtents(GraphEdit& edit) {
  absl::flat_hash_map<std::string, int> first;
  for (int i = 0; i < edit.size(); ++i) {
    if (!edit.Alive(i) || edit.node(i).outputs.size() != 1) continue;
    const std::string value = edit.node(i).outputs[0];
    const PartialTensor* partial = edit.PartialOf(value);
    if (partial == nullptr || edit.IsOutput(value)) continue;
    const std::string key = Contents(*partial);
    if (key.empty()) continue;
    const auto [found, added] = first.emplace(key, i);
    // A new node may stand later than its number says.
    if (added || found->second > i) continue;
    const Node same = edit.node(found->second);
    edit.Skip(i, same.outputs[0], "merged",
              absl::StrCat("the same extents as of ", NodeLabel(same)));
  }
}

// The value whose Shape, or a part of it, `value` is computed from by nodes
// that serve it alone; those nodes are appended to `nodes`.
std::string SourceOf(const GraphEdit& edit, const std::string& value,
                     std::vector<int>* nodes) {
  const int i = edit.Producer(value);
  if (i < 0) return "";
  const Node& node = edit.node(i);
  if (node.Is("Shape")) {
    nodes->push_back(i);
    return node.inputs[0];
  }
  if (!node.Is("Gather") && !node.Is("Slice") && !node.Is("Unsqueeze") &&
      !node.Is("Squeeze") && !node.Is("Reshape") && !node.Is("Concat") &&
      !node.Is("Cast")) {
    return "";
  }
  nodes->push_back(i);
  std::string source;
  for (const std::string& input : node.inputs) {
    if (input.empty() || edit.Constant(input) != nullptr) continue;
    const std::string found = SourceOf(edit, input, nodes);
    if (found.empty() || (!source.empty() && found != source)) return "";
    source = found;
  }
  return source;
}

// A vector that is the extents [begin, end) of one value is its Shape.
void MakeShapeOf(GraphEdit& edit, int i) {
  if (edit.Opset() < kShapeTakesARange || edit.node(i).outputs.size() != 1 ||
      edit.node(i).Is("Shape")) {
    return;
  }
  const Node node = edit.node(i);
  const PartialTensor* partial = edit.PartialOf(node.outputs[0]);
  if (partial == nullptr || partial->dtype != DType::kS64 ||
      partial->dims.size() != 1 || partial->elements.empty() ||
      Contents(*partial).empty()) {
    return;
  }
  std::vector<int> chain;
  const std::string source = SourceOf(edit, node.outputs[0], &chain);
  if (source.empty() || chain.size() < 2) return;
  const Shape* shape = edit.ShapeOf(source);
  if (shape == nullptr || shape->size() < partial->elements.size()) return;
  const size_t count = partial->elements.size();
  for (size_t begin = 0; begin + count <= shape->size(); ++begin) {
    bool same = true;
    for (size_t k = 0; k < count && same; ++k) {
      same = SameDim((*shape)[begin + k], partial->elements[k].ToDim());
    }
    if (!same) continue;
    Node made;
    made.op_type = "Shape";
    made.inputs = {source};
    if (begin > 0) {
      made.SetAttribute(Attribute::Int("start", static_cast<int64_t>(begin)));
    }
    if (begin + count < shape->size()) {
      made.SetAttribute(
          Attribute::Int("end", static_cast<int64_t>(begin + count)));
    }
    edit.Replace(i, std::move(made), "merged",
                 absl::StrCat("is a part of the extents of ", source));
    return;
  }
}

}  // namespace

void SimplifyExtents(GraphEdit& edit) {
  for (int i = 0; i < edit.size(); ++i) {
    if (edit.Alive(i)) SettleReshape(edit, i);
  }
  if (!edit.IsMain()) return;  // contents are known of the main graph's values
  MergeEqualExtents(edit);
  for (int i = 0; i < edit.size(); ++i) {
    if (edit.Alive(i)) MakeShapeOf(edit, i);
  }
}

}  // namespace hone
