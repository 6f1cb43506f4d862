// Parameters of Split (sizes: attribute before opset 13, then input;
// num_outputs from 18).
#ifndef HONE_IR_VIEWS_SPLIT_VIEW_H_
#define HONE_IR_VIEWS_SPLIT_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct SplitView {
  int64_t axis = 0;
  // Empty: equal parts. nullopt: an input that is not constant.
  std::optional<std::vector<int64_t>> sizes;

  static absl::StatusOr<SplitView> Of(const Node& node, int64_t opset,
                                      ConstantInputs constants);
  // One size per output; equal parts are rounded up and the last one is what is
  // left (opset 18). Requires sizes. InvalidArgument: they do not add up.
  absl::StatusOr<std::vector<int64_t>> Resolve(const Node& node,
                                               int64_t extent) const;

 private:
  bool last_may_be_smaller_ = false;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_SPLIT_VIEW_H_
