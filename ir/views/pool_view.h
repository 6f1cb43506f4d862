// Parameters of MaxPool, AveragePool and LpPool.
#ifndef HONE_IR_VIEWS_POOL_VIEW_H_
#define HONE_IR_VIEWS_POOL_VIEW_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/window.h"

namespace hone {

// x [n, c, d...] -> y [n, c, o...]; MaxPool's optional second output has y's
// shape.
struct PoolView {
  Window window;
  bool count_include_pad = false;  // AveragePool: divide by all of the kernel
  bool column_major = false;       // MaxPool's Indices (storage_order 1)
  int64_t p = 2;                   // LpPool

  static absl::StatusOr<PoolView> Of(const Node& node, int64_t opset);
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_POOL_VIEW_H_
