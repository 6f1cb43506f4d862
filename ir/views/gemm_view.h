// Parameters of Gemm: y = alpha * op(a) * op(b) + beta * c, with a [m, k]
// ([k, m] when trans_a), b [k, n] ([n, k] when trans_b), c broadcast to [m, n].
#ifndef HONE_IR_VIEWS_GEMM_VIEW_H_
#define HONE_IR_VIEWS_GEMM_VIEW_H_

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

struct GemmView {
  float alpha = 1;
  float beta = 1;
  bool trans_a = false;
  bool trans_b = false;

  // The axis of b that counts output channels.
  int weight_channel_axis() const { return trans_b ? 0 : 1; }

  static absl::StatusOr<GemmView> Of(const Node& node, int64_t opset);
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_GEMM_VIEW_H_
