#include "ir/views/reduce_view.h"

#include <numeric>
#include <utility>

namespace hone {

absl::StatusOr<ReduceView> ReduceView::Of(const Node& node, int64_t opset,
                                          ConstantInputs constants) {
  AttributeReader read(node);
  ReduceView view;
  view.keepdims = read.Bool("keepdims", true);
  const bool by_input = opset >= (node.op_type == "ReduceSum" ? 13 : 18);
  if (by_input) {
    view.noop_with_empty_axes = read.Bool("noop_with_empty_axes", false);
    view.axes = read.HasInput(1) ? read.InputInts(1, constants)
                                 : std::vector<int64_t>();
  } else {
    view.axes = read.Ints("axes");
  }
  return read.Finish(std::move(view));
}

absl::StatusOr<std::vector<int64_t>> ReduceView::Resolve(const Node& node,
                                                         int64_t rank) const {
  if (axes->empty() && !noop_with_empty_axes) {
    std::vector<int64_t> all(static_cast<size_t>(rank));
    std::iota(all.begin(), all.end(), 0);
    return all;
  }
  return FrontAxes(node, *axes, rank);
}

}  // namespace hone
