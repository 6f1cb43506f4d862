// A typed view of a node whose parameters may be inputs: made once when they
// are constants, else from the inputs' contents at every run.
//
//   HONE_ASSIGN_OR_RETURN(const LateView<SliceView> view,
//                         LateView<SliceView>::Of(spec));
//   ...
//   HONE_ASSIGN_OR_RETURN(const SliceView slice, view.At(context));
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_LATE_VIEW_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_LATE_VIEW_H_

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// The inputs of this run as tensors that borrow their bytes; undefined for an
// absent one. Valid as long as the context is.
absl::StatusOr<std::vector<Tensor>> BorrowInputs(const KernelContext& context);

template <typename View>
class LateView {
 public:
  // InvalidArgument: the node is malformed.
  static absl::StatusOr<LateView> Of(const KernelSpec& spec) {
    LateView late;
    late.node_ = std::make_shared<const Node>(*spec.node);
    late.opset_ = spec.opset;
    HONE_ASSIGN_OR_RETURN(View view,
                          View::Of(*late.node_, spec.opset, spec.constants));
    // Input 0 is data; the others, when present, are parameters.
    bool constant = true;
    for (size_t i = 1; i < late.node_->inputs.size(); ++i) {
      constant = constant &&
                 (late.node_->inputs[i].empty() ||
                  (i < spec.constants.size() && spec.constants[i] != nullptr));
    }
    if (constant) late.view_ = std::move(view);
    return late;
  }

  absl::StatusOr<View> At(const KernelContext& context) const {
    if (view_.has_value()) return *view_;
    HONE_ASSIGN_OR_RETURN(const std::vector<Tensor> inputs,
                          BorrowInputs(context));
    std::vector<const Tensor*> contents(inputs.size(), nullptr);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].defined()) contents[i] = &inputs[i];
    }
    return View::Of(*node_, opset_, contents);
  }

  const Node& node() const { return *node_; }

 private:
  std::shared_ptr<const Node> node_;
  int64_t opset_ = 0;
  std::optional<View> view_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_LATE_VIEW_H_
