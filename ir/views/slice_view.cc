#include "ir/views/slice_view.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {

absl::StatusOr<SliceView> SliceView::Of(const Node& node, int64_t opset,
                                        ConstantInputs constants) {
  AttributeReader read(node);
  SliceView view;
  bool has_axes = false;
  bool has_steps = false;
  if (opset < 10) {
    view.starts = read.Ints("starts");
    view.ends = read.Ints("ends");
    has_axes = read.Has("axes");
    if (has_axes) view.axes = read.Ints("axes");
  } else {
    view.starts = read.InputInts(1, constants);
    view.ends = read.InputInts(2, constants);
    has_axes = read.HasInput(3);
    has_steps = read.HasInput(4);
    if (has_axes) view.axes = read.InputInts(3, constants);
    if (has_steps) view.steps = read.InputInts(4, constants);
  }
  // The count of defaults is told by whichever list is known.
  const auto& counted = view.starts.has_value() ? view.starts : view.ends;
  if (counted.has_value()) {
    if (!has_axes) {
      view.axes.emplace(counted->size());
      std::iota(view.axes->begin(), view.axes->end(), 0);
    }
    if (!has_steps) view.steps.emplace(counted->size(), 1);
  }
  return read.Finish(std::move(view));
}

SliceView::Axis SliceView::Clamp(int64_t start, int64_t end, int64_t step,
                                 int64_t extent) {
  if (start < 0) start += extent;
  if (end < 0) end = end < -extent ? -1 : end + extent;
  Axis axis;
  axis.step = step;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, extent);
    end = std::clamp<int64_t>(end, 0, extent);
    const int64_t span = end - start;
    axis.count = span <= 0 ? 0 : (span - 1) / step + 1;
  } else {
    start = std::clamp<int64_t>(start, 0, std::max<int64_t>(extent - 1, 0));
    end = std::clamp<int64_t>(end, -1, std::max<int64_t>(extent - 1, -1));
    const int64_t span = extent == 0 ? 0 : start - end;
    // -INT64_MIN does not exist; any larger step takes one element too.
    const int64_t stride =
        step == std::numeric_limits<int64_t>::min() ? -(step + 1) : -step;
    axis.count = span <= 0 ? 0 : (span - 1) / stride + 1;
  }
  axis.start = start;
  return axis;
}

absl::StatusOr<std::vector<SliceView::Axis>> SliceView::Resolve(
    const Node& node, absl::Span<const int64_t> extents) const {
  const size_t count = starts->size();
  if (ends->size() != count || axes->size() != count ||
      steps->size() != count) {
    return NodeError(
        node, "starts, ends, axes and steps differ in length",
        absl::StrCat(count),
        absl::StrCat(ends->size(), ", ", axes->size(), ", ", steps->size()));
  }
  std::vector<Axis> resolved;
  resolved.reserve(extents.size());
  for (int64_t extent : extents) resolved.push_back({0, 1, extent});
  for (size_t i = 0; i < count; ++i) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(node, (*axes)[i], static_cast<int64_t>(extents.size())));
    if ((*steps)[i] == 0) return NodeError(node, "a step is zero");
    resolved[static_cast<size_t>(axis)] =
        Clamp((*starts)[i], (*ends)[i], (*steps)[i],
              extents[static_cast<size_t>(axis)]);
  }
  return resolved;
}

}  // namespace hone
