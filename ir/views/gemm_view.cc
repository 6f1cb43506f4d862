#include "ir/views/gemm_view.h"

#include "ir/views/attributes.h"

namespace hone {

absl::StatusOr<GemmView> GemmView::Of(const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  GemmView view;
  view.alpha = read.Float("alpha", 1);
  view.beta = read.Float("beta", 1);
  view.trans_a = read.Bool("transA", false);
  view.trans_b = read.Bool("transB", false);
  return read.Finish(view);
}

}  // namespace hone
