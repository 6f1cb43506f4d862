// Parameters of the Reduce* operators, whether axes is an attribute (ReduceSum
// before opset 13, the others before 18) or an input.
#ifndef HONE_IR_VIEWS_REDUCE_VIEW_H_
#define HONE_IR_VIEWS_REDUCE_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct ReduceView {
  // As written; empty means all axes, or none with noop_with_empty_axes.
  // nullopt: an input that is not constant.
  std::optional<std::vector<int64_t>> axes;
  bool keepdims = true;
  bool noop_with_empty_axes = false;

  static absl::StatusOr<ReduceView> Of(const Node& node, int64_t opset,
                                       ConstantInputs constants);

  // The reduced axes of an input of that rank, ascending from the front.
  // Requires axes.has_value(). InvalidArgument: out of range or named twice.
  absl::StatusOr<std::vector<int64_t>> Resolve(const Node& node,
                                               int64_t rank) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_REDUCE_VIEW_H_
