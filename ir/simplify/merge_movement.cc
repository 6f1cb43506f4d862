#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/simplify/shape_facts.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/reduce_view.h"
#include "ir/views/reshape_view.h"
#include "ir/views/slice_view.h"

namespace hone {
namespace {

constexpr char kMerged[] = "merged";

std::string Into(const Node& node) {
  return absl::StrCat("with ", NodeLabel(node), " (", node.op_type, ")");
}

std::optional<std::vector<int64_t>> Permutation(const GraphEdit& edit,
                                                const Node& node) {
  const auto view = TransposeView::Of(node, edit.Opset());
  if (!view.ok()) return std::nullopt;
  if (!view->perm.empty()) return view->perm;
  const Shape* shape = edit.ShapeOf(node.Input(0));
  if (shape == nullptr) return std::nullopt;
  std::vector<int64_t> perm(shape->size());
  for (size_t i = 0; i < perm.size(); ++i) {
    perm[i] = static_cast<int64_t>(perm.size() - 1 - i);
  }
  return perm;
}

// A Transpose that only moves axes of extent 1 leaves the elements in order.
bool KeepsOrder(const GraphEdit& edit, const Node& node) {
  const std::optional<std::vector<int64_t>> perm = Permutation(edit, node);
  const Shape* shape = edit.ShapeOf(node.Input(0));
  if (!perm.has_value() || shape == nullptr || perm->size() != shape->size()) {
    return false;
  }
  int64_t last = -1;
  for (const int64_t axis : *perm) {
    if (axis < 0 || axis >= static_cast<int64_t>(shape->size())) return false;
    const Dim& dim = (*shape)[static_cast<size_t>(axis)];
    if (dim.known() && dim.value == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

bool IsReshape(const GraphEdit& edit, const Node& node) {
  return node.Is("Reshape") || node.Is("Flatten") || node.Is("Squeeze") ||
         node.Is("Unsqueeze") ||
         (node.Is("Transpose") && KeepsOrder(edit, node));
}

void MergeTransposes(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  const int inner = edit.Producer(node.inputs[0], "Transpose");
  if (inner < 0) return;
  const auto first = Permutation(edit, edit.node(inner));
  const auto second = Permutation(edit, node);
  if (!first.has_value() || !second.has_value() ||
      first->size() != second->size()) {
    return;
  }
  std::vector<int64_t> perm;
  bool nothing = true;
  for (const int64_t axis : *second) {
    if (axis < 0 || axis >= static_cast<int64_t>(first->size())) return;
    perm.push_back((*first)[static_cast<size_t>(axis)]);
    nothing = nothing && perm.back() == static_cast<int64_t>(perm.size()) - 1;
  }
  const std::string x = edit.node(inner).inputs[0];
  if (nothing) {
    edit.Skip(i, x, "removed", absl::StrCat("undone ", Into(edit.node(inner))));
    return;
  }
  if (!edit.OnlyReader(node.inputs[0])) return;
  Node merged = node;
  merged.inputs[0] = x;
  merged.SetAttribute(Attribute::Ints("perm", perm));
  edit.Replace(i, std::move(merged), kMerged, Into(edit.node(inner)));
}

// The constant target of a Reshape that means the same for any input of as
// many elements.
bool IsAbsoluteTarget(const GraphEdit& edit, const Node& reshape) {
  const std::vector<const Tensor*> constants = edit.Constants(reshape);
  const auto view = ReshapeView::Of(reshape, edit.Opset(), constants);
  if (!view.ok() || !view->shape.has_value()) return false;
  return view->allow_zero ||
         std::count(view->shape->begin(), view->shape->end(), 0) == 0;
}

void MergeReshapes(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  if (!IsReshape(edit, node)) return;
  const int inner = edit.Producer(node.inputs[0]);
  if (inner < 0 || !edit.node(inner).domain.empty() ||
      edit.node(inner).inputs.empty() || !IsReshape(edit, edit.node(inner))) {
    return;
  }
  const Node& first = edit.node(inner);
  const std::string x = first.inputs[0];
  const Shape* from = edit.ShapeOf(x);
  const Shape* to = edit.ShapeOf(node.outputs[0]);
  if (SameShape(from, to)) {
    edit.Skip(i, x, "removed", absl::StrCat("undone ", Into(first)));
    return;
  }
  if (!edit.OnlyReader(node.inputs[0])) return;
  if (node.Is("Reshape") && IsAbsoluteTarget(edit, node)) {
    Node merged = node;
    merged.inputs[0] = x;
    edit.Replace(i, std::move(merged), kMerged, Into(first));
    return;
  }
  if (node.Is("Squeeze") && first.Is("Squeeze")) {
    const auto a = SqueezedAxes(edit, first), b = SqueezedAxes(edit, node);
    if (!a.has_value() || !b.has_value() || from == nullptr) return;
    std::vector<int64_t> axes = *a;
    int64_t kept = 0;
    for (int64_t axis = 0; axis < static_cast<int64_t>(from->size()); ++axis) {
      if (std::count(a->begin(), a->end(), axis) > 0) continue;
      if (std::count(b->begin(), b->end(), kept) > 0) axes.push_back(axis);
      ++kept;
    }
    std::sort(axes.begin(), axes.end());
    edit.Replace(i, AxesNode(edit, "Squeeze", x, axes), kMerged, Into(first));
    return;
  }
  if (node.Is("Unsqueeze") && first.Is("Unsqueeze")) {
    const auto a = UnsqueezedAxes(edit, first), b = UnsqueezedAxes(edit, node);
    if (!a.has_value() || !b.has_value() || to == nullptr) return;
    std::vector<int64_t> axes = *b;
    int64_t kept = 0;
    for (int64_t axis = 0; axis < static_cast<int64_t>(to->size()); ++axis) {
      if (std::count(b->begin(), b->end(), axis) > 0) continue;
      if (std::count(a->begin(), a->end(), kept) > 0) axes.push_back(axis);
      ++kept;
    }
    std::sort(axes.begin(), axes.end());
    edit.Replace(i, AxesNode(edit, "Unsqueeze", x, axes), kMerged, Into(first));
    return;
  }
  if (from == nullptr || to == nullptr || edit.Opset() < 5) return;
  const auto target = ReshapeTarget(*from, *to);
  if (!target.has_value()) return;
  Node merged;
  merged.op_type = "Reshape";
  merged.inputs = {x, edit.AddConstant(absl::StrCat(node.outputs[0], "_shape"),
                                       Int64Vector(*target))};
  edit.Replace(i, std::move(merged), kMerged, Into(first));
}

// Every number of `from` is one of `to`.
bool Holds(DType to, DType from) {
  const auto bits = [](DType dtype) { return BitsPerElement(dtype); };
  const auto is_signed = [](DType dtype) {
    return dtype == DType::kS8 || dtype == DType::kS16 ||
           dtype == DType::kS32 || dtype == DType::kS64;
  };
  const auto is_unsigned = [](DType dtype) {
    return dtype == DType::kU8 || dtype == DType::kU16 ||
           dtype == DType::kU32 || dtype == DType::kU64;
  };
  if (from == to) return true;
  if (to == DType::kF64) {
    return from == DType::kF32 || from == DType::kF16 || from == DType::kBF16;
  }
  if (to == DType::kF32) return from == DType::kF16 || from == DType::kBF16;
  if (is_signed(to)) {
    return (is_signed(from) || is_unsigned(from)) && bits(from) < bits(to);
  }
  return is_unsigned(to) && is_unsigned(from) && bits(from) < bits(to);
}

void MergeCasts(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  const int inner = edit.Producer(node.inputs[0], "Cast");
  if (inner < 0) return;
  const std::string x = edit.node(inner).inputs[0];
  const DType from = edit.DTypeOf(x), middle = edit.DTypeOf(node.inputs[0]),
              to = edit.DTypeOf(node.outputs[0]);
  if (from == DType::kUndefined || to == DType::kUndefined ||
      to == DType::kString || !Holds(middle, from)) {
    return;
  }
  if (to != from && !edit.OnlyReader(node.inputs[0])) return;
  Node merged = node;
  merged.inputs[0] = x;
  edit.Replace(i, std::move(merged), kMerged, Into(edit.node(inner)));
}

void MergeSlices(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  const int inner = edit.Producer(node.inputs[0], "Slice");
  if (inner < 0 || !edit.OnlyReader(node.inputs[0]) || edit.Opset() < 10) {
    return;
  }
  const Node& first = edit.node(inner);
  const Shape* shape = edit.ShapeOf(first.inputs[0]);
  if (shape == nullptr) return;
  std::vector<int64_t> lists[4];  // starts, ends, axes, steps
  for (const Node* part : {&first, &node}) {
    const std::vector<const Tensor*> constants = edit.Constants(*part);
    const auto view = SliceView::Of(*part, edit.Opset(), constants);
    if (!view.ok() || !view->known()) return;
    std::vector<int64_t> axes = *view->axes;
    for (int64_t& axis : axes) {
      const auto front =
          FrontAxis(*part, axis, static_cast<int64_t>(shape->size()));
      if (!front.ok()) return;
      axis = *front;
      if (std::count(lists[2].begin(), lists[2].end(), axis) > 0) return;
    }
    const size_t count = axes.size();
    if (view->starts->size() != count || view->ends->size() != count ||
        view->steps->size() != count) {
      return;
    }
    lists[0].insert(lists[0].end(), view->starts->begin(), view->starts->end());
    lists[1].insert(lists[1].end(), view->ends->begin(), view->ends->end());
    lists[2].insert(lists[2].end(), axes.begin(), axes.end());
    lists[3].insert(lists[3].end(), view->steps->begin(), view->steps->end());
  }
  Node merged;
  merged.op_type = "Slice";
  merged.inputs = {first.inputs[0]};
  static constexpr absl::string_view kNames[] = {"_starts", "_ends", "_axes",
                                                 "_steps"};
  for (int k = 0; k < 4; ++k) {
    merged.inputs.push_back(edit.AddConstant(
        absl::StrCat(node.outputs[0], kNames[k]), Int64Vector(lists[k])));
  }
  edit.Replace(i, std::move(merged), kMerged, Into(first));
}

void MergeConcats(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  const Shape* shape = edit.ShapeOf(node.outputs[0]);
  const auto axis_of = [&](const Node& concat) {
    const int64_t axis = concat.IntAttribute("axis", 0);
    return axis < 0 && shape != nullptr
               ? axis + static_cast<int64_t>(shape->size())
               : axis;
  };
  for (size_t k = 0; k < node.inputs.size(); ++k) {
    const int inner = edit.Producer(node.inputs[k], "Concat");
    if (inner < 0 || !edit.OnlyReader(node.inputs[k]) ||
        std::count(node.inputs.begin(), node.inputs.end(), node.inputs[k]) !=
            1 ||
        axis_of(edit.node(inner)) != axis_of(node)) {
      continue;
    }
    Node merged = node;
    const std::vector<std::string> parts = edit.node(inner).inputs;
    const auto at = merged.inputs.begin() + static_cast<std::ptrdiff_t>(k);
    merged.inputs.insert(merged.inputs.erase(at), parts.begin(), parts.end());
    edit.Replace(i, std::move(merged), kMerged, Into(edit.node(inner)));
    return;
  }
}

// A reduction says itself whether the reduced axes stay.
void MergeReduction(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  const int inner = edit.Producer(node.inputs[0]);
  if (inner < 0 || !edit.node(inner).domain.empty() ||
      absl::string_view(edit.node(inner).op_type).substr(0, 6) != "Reduce" ||
      !edit.OnlyReader(node.inputs[0])) {
    return;
  }
  const Node& reduce = edit.node(inner);
  const Shape* shape = edit.ShapeOf(reduce.inputs[0]);
  const std::vector<const Tensor*> constants = edit.Constants(reduce);
  const auto view = ReduceView::Of(reduce, edit.Opset(), constants);
  if (!view.ok() || !view->axes.has_value() || shape == nullptr ||
      view->keepdims != node.Is("Squeeze")) {
    return;
  }
  const auto reduced =
      view->Resolve(reduce, static_cast<int64_t>(shape->size()));
  const auto axes = node.Is("Squeeze") ? SqueezedAxes(edit, node)
                                       : UnsqueezedAxes(edit, node);
  if (!reduced.ok() || !axes.has_value() || *axes != *reduced) return;
  Node merged = reduce;
  merged.SetAttribute(Attribute::Int("keepdims", node.Is("Squeeze") ? 0 : 1));
  edit.Replace(i, std::move(merged), kMerged, Into(reduce));
}

// Operators that broadcast their inputs need no Expand, where the other input
// alone has the output's extents.
void MergeExpand(GraphEdit& edit, int i) {
  const Node& node = edit.node(i);
  static constexpr absl::string_view kBroadcasting[] = {"Add",
                                                        "Sub",
                                                        "Mul",
                                                        "Div",
                                                        "Pow",
                                                        "And",
                                                        "Or",
                                                        "Xor",
                                                        "Mod",
                                                        "Equal",
                                                        "Greater",
                                                        "Less",
                                                        "GreaterOrEqual",
                                                        "Where",
                                                        "LessOrEqual"};
  if (std::none_of(std::begin(kBroadcasting), std::end(kBroadcasting),
                   [&](absl::string_view type) { return node.Is(type); })) {
    return;
  }
  for (size_t k = 0; k < node.inputs.size(); ++k) {
    const int expand = edit.Producer(node.inputs[k], "Expand");
    if (expand < 0 || !edit.OnlyReader(node.inputs[k])) continue;
    bool other = false;
    for (size_t j = 0; j < node.inputs.size(); ++j) {
      other = other || (j != k && node.inputs[j] != node.inputs[k] &&
                        SameShape(edit.ShapeOf(node.inputs[j]),
                                  edit.ShapeOf(node.outputs[0])));
    }
    if (!other) continue;
    const Node gone = edit.node(expand);
    edit.SetInput(i, k, gone.inputs[0]);
    edit.Say(gone, kMerged, Into(edit.node(i)));
    return;
  }
}

}  // namespace

void MergeMovement(GraphEdit& edit) {
  for (int i = 0; i < edit.size(); ++i) {
    if (!edit.Alive(i) || !edit.node(i).domain.empty() ||
        edit.node(i).inputs.empty() || edit.node(i).outputs.empty()) {
      continue;
    }
    const int before = edit.changes();
    if (edit.node(i).Is("Transpose")) MergeTransposes(edit, i);
    if (edit.changes() == before) MergeReshapes(edit, i);
    if (edit.changes() != before) continue;
    const Node& node = edit.node(i);
    if (node.Is("Cast")) MergeCasts(edit, i);
    if (node.Is("Slice")) MergeSlices(edit, i);
    if (node.Is("Concat")) MergeConcats(edit, i);
    if (node.Is("Squeeze") || node.Is("Unsqueeze")) MergeReduction(edit, i);
    if (edit.changes() == before) MergeExpand(edit, i);
  }
}

}  // namespace hone
