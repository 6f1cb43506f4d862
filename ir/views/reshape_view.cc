#include "ir/views/reshape_view.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace hone {

absl::StatusOr<ReshapeView> ReshapeView::Of(const Node& node, int64_t /*opset*/,
                                            ConstantInputs constants) {
  AttributeReader read(node);
  ReshapeView view;
  view.allow_zero = read.Bool("allowzero", false);
  view.shape = read.InputInts(1, constants);
  return read.Finish(std::move(view));
}

absl::StatusOr<Dims> ReshapeView::Resolve(
    const Node& node, absl::Span<const int64_t> dims) const {
  const std::optional<int64_t> count = ElementCount(dims);
  if (!count.has_value()) {
    return NodeError(node, "input extents", "a countable shape",
                     DimsToString(dims));
  }
  Dims target;
  int inferred = -1;
  for (size_t i = 0; i < shape->size(); ++i) {
    int64_t extent = (*shape)[i];
    if (extent == 0 && !allow_zero) {
      if (i >= dims.size()) {
        return NodeError(node, "a 0 in the shape copies an extent past the end",
                         absl::StrCat("at most ", dims.size(), " positions"),
                         absl::StrCat("position ", i));
      }
      extent = dims[i];
    } else if (extent == -1) {
      if (inferred >= 0) {
        return NodeError(node, "shape", "at most one -1", "two");
      }
      inferred = static_cast<int>(i);
      extent = 1;
    } else if (extent < 0) {
      return NodeError(node, "shape", "extents of at least -1",
                       absl::StrCat(extent));
    }
    target.push_back(extent);
  }
  const std::optional<int64_t> others = ElementCount(target);
  bool fits = others.has_value();
  if (fits && inferred >= 0) {
    fits = *others > 0 ? *count % *others == 0 : *count == 0;
    if (fits) {
      target[static_cast<size_t>(inferred)] =
          *others > 0 ? *count / *others : 0;
    }
  } else if (fits) {
    fits = *others == *count;
  }
  if (!fits) {
    return NodeError(node, "element count", DimsToString(dims),
                     DimsToString(*shape));
  }
  return target;
}

}  // namespace hone
