#include "kernels/cpu/pool/pool.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/pool_view.h"
#include "ir/views/window.h"
#include "kernels/cpu/blocked/blocked_window.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/blocked/blocked.h"

namespace hone {
namespace {

// ONNX's newest rules: the node may have any attribute that a version has.
constexpr int64_t kPoolOpset = 22;

class BlockedPoolKernel : public Kernel {
 public:
  // Without a view the window is the whole image.
  BlockedPoolKernel(const Node& node, std::optional<PoolView> view)
      : node_(node),
        op_(node.op_type == "BlockedMaxPool" ? PoolOp::kMax : PoolOp::kAverage),
        view_(std::move(view)) {}

  absl::string_view name() const override {
    return op_ == PoolOp::kMax ? "blocked.pool.max" : "blocked.pool.average";
  }

  absl::Status Run(const KernelContext& context) const override {
    const Dims& x = context.inputs[0].dims;
    if (x.size() < 4 || x.size() > 5) {
      return NodeError(node_, "rank in blocks", "4 or 5", DimsToString(x));
    }
    const absl::Span<const int64_t> extents =
        absl::MakeConstSpan(x).subspan(2, x.size() - 3);
    Dims y = {x[0], x[1]};
    BlockedWindow window;
    window.planes = x[0] * x[1];
    PoolAxis* const axes[] = {&window.height, &window.width};
    window.height = {1, 1, 1, 1, 1, 0, 0};
    std::vector<WindowAxis> resolved(extents.size(), WindowAxis{0, 0, 1});
    if (view_.has_value()) {
      HONE_ASSIGN_OR_RETURN(resolved, view_->window.Resolve(node_, extents));
    }
    for (size_t a = 0; a < extents.size(); ++a) {
      PoolAxis& axis = *axes[2 - extents.size() + a];
      axis = {extents[a], 1, extents[a], 1, 1, 0, 0};
      if (view_.has_value()) {
        axis = {extents[a],
                resolved[a].output,
                view_->window.kernel[a],
                view_->window.strides[a],
                view_->window.dilations[a],
                resolved[a].pad_begin,
                resolved[a].pad_end};
      }
      y.push_back(axis.output);
    }
    y.push_back(x.back());
    HONE_RETURN_IF_ERROR(ExpectDims(NodeLabel(node_), "output extents", y,
                                    context.outputs[0].dims));
    BlockedPool(op_, view_.has_value() && view_->count_include_pad, window,
                context.inputs[0].As<float>(), context.outputs[0].As<float>(),
                *context.pool);
    return absl::OkStatus();
  }

 private:
  const Node node_;
  const PoolOp op_;
  const std::optional<PoolView> view_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockedPool(
    const KernelSpec& spec) {
  std::optional<PoolView> view;
  if (spec.node->op_type != "BlockedGlobalAveragePool") {
    HONE_ASSIGN_OR_RETURN(view, PoolView::Of(*spec.node, kPoolOpset));
  }
  return std::make_unique<BlockedPoolKernel>(*spec.node, std::move(view));
}

}  // namespace hone
