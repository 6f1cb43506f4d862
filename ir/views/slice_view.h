// Parameters of Slice (attributes before opset 10, then inputs).
#ifndef HONE_IR_VIEWS_SLICE_VIEW_H_
#define HONE_IR_VIEWS_SLICE_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct SliceView {
  // One element per sliced axis; nullopt: an input that is not constant.
  std::optional<std::vector<int64_t>> starts;
  std::optional<std::vector<int64_t>> ends;
  std::optional<std::vector<int64_t>> axes;   // 0, 1, ... when left out
  std::optional<std::vector<int64_t>> steps;  // ones when left out

  static absl::StatusOr<SliceView> Of(const Node& node, int64_t opset,
                                      ConstantInputs constants);

  bool known() const {
    return starts.has_value() && ends.has_value() && axes.has_value() &&
           steps.has_value();
  }

  // Elements start, start + step, ... (count of them) of one axis.
  struct Axis {
    int64_t start = 0;
    int64_t step = 1;
    int64_t count = 0;
  };
  // The slice [start, end) of an extent, clamped as ONNX says. Requires
  // step != 0.
  static Axis Clamp(int64_t start, int64_t end, int64_t step, int64_t extent);
  // One per axis of the input; axes that are not sliced are whole. Requires
  // known(). InvalidArgument: lists of different lengths, a zero step, an axis
  // out of range.
  absl::StatusOr<std::vector<Axis>> Resolve(
      const Node& node, absl::Span<const int64_t> extents) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_SLICE_VIEW_H_
