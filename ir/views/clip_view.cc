#include "ir/views/clip_view.h"

#include <limits>

namespace hone {

absl::StatusOr<ClipView> ClipView::Of(const Node& node, int64_t opset,
                                      ConstantInputs constants) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  AttributeReader read(node);
  ClipView view;
  if (opset < 11) {
    view.min = read.Float("min", std::numeric_limits<float>::lowest());
    view.max = read.Float("max", std::numeric_limits<float>::max());
  } else {
    view.min = read.HasInput(1) ? read.InputScalar(1, constants) : -kInfinity;
    view.max = read.HasInput(2) ? read.InputScalar(2, constants) : kInfinity;
  }
  return read.Finish(view);
}

}  // namespace hone
