// Parameters of Pad (attributes before opset 11, then inputs; axes from 18).
#ifndef HONE_IR_VIEWS_PAD_VIEW_H_
#define HONE_IR_VIEWS_PAD_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct PadView {
  enum class Mode { kConstant, kReflect, kEdge, kWrap };

  Mode mode = Mode::kConstant;
  // Begins, then ends, of the axes in `axes`; negative ones crop. nullopt: an
  // input that is not constant.
  std::optional<std::vector<int64_t>> pads;
  // Empty: all axes. nullopt: an input that is not constant.
  std::optional<std::vector<int64_t>> axes;
  // 0 when left out; nullopt: an input that is not one constant number.
  std::optional<double> value;

  static absl::StatusOr<PadView> Of(const Node& node, int64_t opset,
                                    ConstantInputs constants);

  struct Axis {
    int64_t begin = 0;
    int64_t end = 0;
  };
  // One per axis of an input of that rank. Requires pads and axes to be known.
  // InvalidArgument: wrong count, or a pad beyond 2^62.
  absl::StatusOr<std::vector<Axis>> Resolve(const Node& node,
                                            int64_t rank) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_PAD_VIEW_H_
