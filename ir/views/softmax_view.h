// Parameters of Softmax, LogSoftmax and Hardmax.
//
// From opset 13 they work along one axis. Before, the input counts as a matrix
// [product of extents before axis, product from axis on], along its rows.
#ifndef HONE_IR_VIEWS_SOFTMAX_VIEW_H_
#define HONE_IR_VIEWS_SOFTMAX_VIEW_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"

namespace hone {

struct SoftmaxView {
  int64_t axis = -1;  // default: -1 from opset 13, else 1
  bool flatten = false;

  static absl::StatusOr<SoftmaxView> Of(const Node& node, int64_t opset);

  // x as [outer, extent, inner]; the operator works along `extent`.
  struct Split {
    int64_t outer = 1;
    int64_t extent = 1;
    int64_t inner = 1;
  };
  // InvalidArgument: axis out of range. `dims` must have an element count.
  absl::StatusOr<Split> Resolve(const Node& node,
                                absl::Span<const int64_t> dims) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_SOFTMAX_VIEW_H_
