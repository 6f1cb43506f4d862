// Parameters of Squeeze and Unsqueeze (axes: attribute before opset 13, then
// input).
#ifndef HONE_IR_VIEWS_SQUEEZE_VIEW_H_
#define HONE_IR_VIEWS_SQUEEZE_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct SqueezeView {
  // True when no axes are given: every axis of extent 1 goes.
  bool all = false;
  std::optional<std::vector<int64_t>> axes;  // nullopt: not constant

  static absl::StatusOr<SqueezeView> Of(const Node& node, int64_t opset,
                                        ConstantInputs constants);
};

struct UnsqueezeView {
  std::optional<std::vector<int64_t>> axes;  // nullopt: not constant

  static absl::StatusOr<UnsqueezeView> Of(const Node& node, int64_t opset,
                                          ConstantInputs constants);
  // Positions of the new axes in the output, ascending. Requires axes.
  absl::StatusOr<std::vector<int64_t>> Resolve(const Node& node,
                                               int64_t input_rank) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_SQUEEZE_VIEW_H_
