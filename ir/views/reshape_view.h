// Parameters of Reshape.
#ifndef HONE_IR_VIEWS_RESHAPE_VIEW_H_
#define HONE_IR_VIEWS_RESHAPE_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"

namespace hone {

struct ReshapeView {
  // The target: -1 is what is left, 0 copies the input's extent (unless
  // allow_zero). nullopt: an input that is not constant.
  std::optional<std::vector<int64_t>> shape;
  bool allow_zero = false;

  static absl::StatusOr<ReshapeView> Of(const Node& node, int64_t opset,
                                        ConstantInputs constants);
  // The output's extents. Requires shape. InvalidArgument: the element counts
  // differ, two -1, or a 0 past the input's rank.
  absl::StatusOr<Dims> Resolve(const Node& node,
                               absl::Span<const int64_t> dims) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_RESHAPE_VIEW_H_
