#include "ir/views/split_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace hone {

absl::StatusOr<SplitView> SplitView::Of(const Node& node, int64_t opset,
                                        ConstantInputs constants) {
  AttributeReader read(node);
  SplitView view;
  view.axis = read.Int("axis", 0);
  view.last_may_be_smaller_ = opset >= 18;
  if (opset < 13) {
    view.sizes = read.Ints("split");
  } else {
    view.sizes = read.HasInput(1) ? read.InputInts(1, constants)
                                  : std::vector<int64_t>();
  }
  const auto outputs = static_cast<int64_t>(node.outputs.size());
  if (opset >= 18 && read.Has("num_outputs") &&
      read.Int("num_outputs", outputs) != outputs) {
    read.Fail("attribute num_outputs", absl::StrCat(outputs),
              absl::StrCat(read.Int("num_outputs", outputs)));
  }
  return read.Finish(std::move(view));
}

absl::StatusOr<std::vector<int64_t>> SplitView::Resolve(const Node& node,
                                                        int64_t extent) const {
  const auto outputs = static_cast<int64_t>(node.outputs.size());
  if (outputs == 0) return NodeError(node, "no outputs");
  if (sizes->empty()) {
    const int64_t part = extent / outputs + (extent % outputs != 0 ? 1 : 0);
    const int64_t last = extent - part * (outputs - 1);
    if (last < 0 || (last != part && !last_may_be_smaller_)) {
      return NodeError(node, "equal parts",
                       absl::StrCat("a multiple of ", outputs),
                       absl::StrCat(extent));
    }
    std::vector<int64_t> parts(static_cast<size_t>(outputs), part);
    parts.back() = last;
    return parts;
  }
  int64_t sum = 0;
  bool fits = static_cast<int64_t>(sizes->size()) == outputs;
  for (int64_t size : *sizes) {
    fits = fits && size >= 0 && !__builtin_add_overflow(sum, size, &sum);
  }
  if (!fits || sum != extent) {
    return NodeError(node, "split sizes",
                     absl::StrCat(outputs, " sizes that add up to ", extent),
                     absl::StrJoin(*sizes, ", "));
  }
  return *sizes;
}

}  // namespace hone
