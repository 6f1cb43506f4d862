#include "ir/views/pad_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"

namespace hone {

absl::StatusOr<PadView> PadView::Of(const Node& node, int64_t opset,
                                    ConstantInputs constants) {
  static constexpr absl::string_view kModes[] = {"constant", "reflect", "edge",
                                                 "wrap"};
  AttributeReader read(node);
  PadView view;
  view.mode = static_cast<Mode>(
      read.Choice("mode", "constant", absl::MakeConstSpan(kModes)));
  if (opset < 11) {
    view.pads = read.Ints("pads");
    view.axes.emplace();
    view.value = read.Float("value", 0);
    return read.Finish(std::move(view));
  }
  view.pads = read.InputInts(1, constants);
  view.axes =
      read.HasInput(3) ? read.InputInts(3, constants) : std::vector<int64_t>();
  // A string or boolean fill is for the kernel to read.
  view.value = 0.0;
  if (read.HasInput(2)) {
    const Tensor* fill = constants.size() > 2 ? constants[2] : nullptr;
    view.value.reset();
    if (fill != nullptr) {
      const absl::StatusOr<double> value = ScalarElement(*fill);
      if (value.ok()) view.value = *value;
    }
  }
  return read.Finish(std::move(view));
}

absl::StatusOr<std::vector<PadView::Axis>> PadView::Resolve(
    const Node& node, int64_t rank) const {
  constexpr int64_t kLimit = int64_t{1} << 62;
  const size_t count = axes->empty() ? static_cast<size_t>(rank) : axes->size();
  if (pads->size() != 2 * count) {
    return NodeError(node, "pads", absl::StrCat(2 * count, " numbers"),
                     absl::StrCat(pads->size()));
  }
  std::vector<Axis> resolved(static_cast<size_t>(rank));
  for (size_t i = 0; i < count; ++i) {
    auto axis = static_cast<int64_t>(i);
    if (!axes->empty()) {
      HONE_ASSIGN_OR_RETURN(axis, FrontAxis(node, (*axes)[i], rank));
    }
    const int64_t begin = (*pads)[i];
    const int64_t end = (*pads)[i + count];
    if (begin > kLimit || begin < -kLimit || end > kLimit || end < -kLimit) {
      return NodeError(node, "pads", "numbers within 2^62",
                       absl::StrCat(begin, " and ", end));
    }
    resolved[static_cast<size_t>(axis)] = {begin, end};
  }
  return resolved;
}

}  // namespace hone
