#include "ir/views/squeeze_view.h"

#include <utility>

namespace hone {

absl::StatusOr<SqueezeView> SqueezeView::Of(const Node& node, int64_t opset,
                                            ConstantInputs constants) {
  AttributeReader read(node);
  SqueezeView view;
  if (opset < 13) {
    view.all = !read.Has("axes");
    view.axes = read.Ints("axes");
  } else {
    view.all = !read.HasInput(1);
    view.axes =
        view.all ? std::vector<int64_t>() : read.InputInts(1, constants);
  }
  return read.Finish(std::move(view));
}

absl::StatusOr<UnsqueezeView> UnsqueezeView::Of(const Node& node, int64_t opset,
                                                ConstantInputs constants) {
  AttributeReader read(node);
  UnsqueezeView view;
  view.axes = opset < 13 ? read.Ints("axes") : read.InputInts(1, constants);
  return read.Finish(std::move(view));
}

absl::StatusOr<std::vector<int64_t>> UnsqueezeView::Resolve(
    const Node& node, int64_t input_rank) const {
  return FrontAxes(node, *axes,
                   input_rank + static_cast<int64_t>(axes->size()));
}

}  // namespace hone
