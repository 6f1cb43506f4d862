// Parameters of the operators that have one axis and little else.
#ifndef HONE_IR_VIEWS_AXIS_VIEW_H_
#define HONE_IR_VIEWS_AXIS_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct ConcatView {
  int64_t axis = 0;
  static absl::StatusOr<ConcatView> Of(const Node& node, int64_t opset);
};

// Gather, GatherElements.
struct GatherView {
  int64_t axis = 0;
  static absl::StatusOr<GatherView> Of(const Node& node, int64_t opset);
};

// ScatterElements (and Scatter): y = x; y at indices along axis gets updates.
struct ScatterElementsView {
  int64_t axis = 0;
  std::string reduction;  // "none", "add", "mul", "max", "min"
  static absl::StatusOr<ScatterElementsView> Of(const Node& node,
                                                int64_t opset);
};

// Flatten: [product before axis, product from axis on].
struct FlattenView {
  int64_t axis = 1;
  static absl::StatusOr<FlattenView> Of(const Node& node, int64_t opset);
  // In [0, rank]: an axis equal to the rank is allowed.
  absl::StatusOr<int64_t> Resolve(const Node& node, int64_t rank) const;
};

struct TransposeView {
  std::vector<int64_t> perm;  // empty: reversed
  static absl::StatusOr<TransposeView> Of(const Node& node, int64_t opset);
  // y.dims[i] = x.dims[perm[i]]. InvalidArgument: no permutation of that rank.
  absl::StatusOr<std::vector<int64_t>> Resolve(const Node& node,
                                               int64_t rank) const;
};

// ArgMax, ArgMin.
struct ArgReduceView {
  int64_t axis = 0;
  bool keepdims = true;
  bool select_last = false;
  static absl::StatusOr<ArgReduceView> Of(const Node& node, int64_t opset);
};

// TopK (k: attribute before opset 10, then input).
struct TopKView {
  int64_t axis = -1;
  bool largest = true;
  bool sorted = true;
  std::optional<int64_t> k;  // nullopt: not constant
  static absl::StatusOr<TopKView> Of(const Node& node, int64_t opset,
                                     ConstantInputs constants);
};

// CumSum (axis is an input).
struct CumSumView {
  std::optional<int64_t> axis;  // nullopt: not constant
  bool exclusive = false;
  bool reverse = false;
  static absl::StatusOr<CumSumView> Of(const Node& node, int64_t opset,
                                       ConstantInputs constants);
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_AXIS_VIEW_H_
