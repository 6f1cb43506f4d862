#include "ir/views/axis_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ir/error/error.h"

namespace hone {

absl::StatusOr<ConcatView> ConcatView::Of(const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  ConcatView view;
  if (!read.Has("axis")) read.Fail("attribute axis is missing");
  view.axis = read.Int("axis", 0);
  return read.Finish(view);
}

absl::StatusOr<GatherView> GatherView::Of(const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  GatherView view;
  view.axis = read.Int("axis", 0);
  return read.Finish(view);
}

absl::StatusOr<ScatterElementsView> ScatterElementsView::Of(const Node& node,
                                                            int64_t /*opset*/) {
  AttributeReader read(node);
  ScatterElementsView view;
  view.axis = read.Int("axis", 0);
  view.reduction = read.String("reduction", "none");
  return read.Finish(std::move(view));
}

absl::StatusOr<FlattenView> FlattenView::Of(const Node& node,
                                            int64_t /*opset*/) {
  AttributeReader read(node);
  FlattenView view;
  view.axis = read.Int("axis", 1);
  return read.Finish(view);
}

absl::StatusOr<int64_t> FlattenView::Resolve(const Node& node,
                                             int64_t rank) const {
  if (axis == rank) return rank;
  return FrontAxis(node, axis, rank);
}

absl::StatusOr<TransposeView> TransposeView::Of(const Node& node,
                                                int64_t /*opset*/) {
  AttributeReader read(node);
  TransposeView view;
  view.perm = read.Ints("perm");
  return read.Finish(std::move(view));
}

absl::StatusOr<std::vector<int64_t>> TransposeView::Resolve(
    const Node& node, int64_t rank) const {
  const auto size = static_cast<size_t>(rank);
  std::vector<int64_t> resolved(size);
  if (perm.empty()) {
    for (size_t i = 0; i < size; ++i)
      resolved[i] = rank - 1 - static_cast<int64_t>(i);
    return resolved;
  }
  std::vector<bool> seen(size, false);
  bool valid = perm.size() == size;
  for (size_t i = 0; valid && i < size; ++i) {
    const int64_t from = perm[i] < 0 ? perm[i] + rank : perm[i];
    valid = from >= 0 && from < rank && !seen[static_cast<size_t>(from)];
    if (valid) seen[static_cast<size_t>(from)] = true;
    resolved[i] = from;
  }
  if (!valid) {
    return NodeError(node, "attribute perm",
                     absl::StrCat("a permutation of ", rank, " axes"),
                     absl::StrJoin(perm, ", "));
  }
  return resolved;
}

absl::StatusOr<ArgReduceView> ArgReduceView::Of(const Node& node,
                                                int64_t /*opset*/) {
  AttributeReader read(node);
  ArgReduceView view;
  view.axis = read.Int("axis", 0);
  view.keepdims = read.Bool("keepdims", true);
  view.select_last = read.Bool("select_last_index", false);
  return read.Finish(view);
}

absl::StatusOr<TopKView> TopKView::Of(const Node& node, int64_t opset,
                                      ConstantInputs constants) {
  AttributeReader read(node);
  TopKView view;
  view.axis = read.Int("axis", -1);
  view.largest = read.Bool("largest", true);
  view.sorted = read.Bool("sorted", true);
  if (opset < 10) {
    view.k = read.Int("k", 0);
  } else if (const auto k = read.InputInts(1, constants); k.has_value()) {
    if (k->size() != 1) {
      read.Fail("input K", "one element", absl::StrCat(k->size()));
    } else {
      view.k = (*k)[0];
    }
  }
  if (view.k.has_value() && *view.k < 0) {
    read.Fail("K", "at least 0", absl::StrCat(*view.k));
  }
  return read.Finish(view);
}

absl::StatusOr<CumSumView> CumSumView::Of(const Node& node, int64_t /*opset*/,
                                          ConstantInputs constants) {
  AttributeReader read(node);
  CumSumView view;
  view.exclusive = read.Bool("exclusive", false);
  view.reverse = read.Bool("reverse", false);
  if (const auto axis = read.InputInts(1, constants); axis.has_value()) {
    if (axis->size() != 1) {
      read.Fail("input axis", "one element", absl::StrCat(axis->size()));
    } else {
      view.axis = (*axis)[0];
    }
  }
  return read.Finish(view);
}

}  // namespace hone
