#include "ir/views/softmax_view.h"

#include "ir/error/error.h"
#include "ir/views/attributes.h"

namespace hone {

absl::StatusOr<SoftmaxView> SoftmaxView::Of(const Node& node, int64_t opset) {
  AttributeReader read(node);
  SoftmaxView view;
  view.flatten = opset < 13;
  view.axis = read.Int("axis", view.flatten ? 1 : -1);
  return read.Finish(view);
}

absl::StatusOr<SoftmaxView::Split> SoftmaxView::Resolve(
    const Node& node, absl::Span<const int64_t> dims) const {
  const auto rank = static_cast<int64_t>(dims.size());
  // Flattening at axis == rank is a column of single elements.
  int64_t front = axis;
  if (!(flatten && axis == rank)) {
    HONE_ASSIGN_OR_RETURN(front, FrontAxis(node, axis, rank));
  }
  Split split;
  for (int64_t i = 0; i < rank; ++i) {
    const int64_t dim = dims[static_cast<size_t>(i)];
    if (i < front) {
      split.outer *= dim;
    } else if (i == front || flatten) {
      split.extent *= dim;
    } else {
      split.inner *= dim;
    }
  }
  return split;
}

}  // namespace hone
