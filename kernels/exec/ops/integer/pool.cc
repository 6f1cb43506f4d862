#include "kernels/cpu/int8/pool/pool.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/pool_view.h"
#include "ir/views/window.h"
#include "kernels/cpu/int8/pool/pool_ref.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/integer/integer.h"
#include "kernels/exec/ops/integer/quant_constants.h"

namespace hone {
namespace {

// ONNX's newest rules: the node may have any attribute that a version has.
constexpr int64_t kPoolOpset = 22;

class QuantizedPool : public Kernel {
 public:
  // Without a view the window is the whole image.
  QuantizedPool(const KernelSpec& spec, std::optional<PoolView> view,
                Int8PoolParams params)
      : node_(*spec.node),
        view_(std::move(view)),
        params_(params),
        max_(spec.node->op_type == "QuantizedMaxPool"),
        definition_(RunsDefinition(spec)) {}

  absl::string_view name() const override {
    if (definition_) return "int8.pool.definition";
    return max_ ? "int8.pool.max" : "int8.pool.average";
  }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    Int8PoolShape shape;
    if (!inputs[0].dims.empty()) shape.channels = inputs[0].dims.back();
    return max_ ? 0 : Int8AveragePoolScratchBytes(shape, threads);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const Int8PoolShape shape, ShapeOf(context));
    const void* const x = context.inputs[0].data;
    void* const y = context.outputs[0].data;
    if (definition_) {
      if (shape.is_signed) {
        Int8PoolRef(shape, max_, params_, static_cast<const int8_t*>(x),
                    static_cast<int8_t*>(y));
      } else {
        Int8PoolRef(shape, max_, params_, static_cast<const uint8_t*>(x),
                    static_cast<uint8_t*>(y));
      }
    } else if (max_) {
      Int8MaxPool(shape, x, y, *context.pool);
    } else {
      Int8AveragePool(shape, params_, x, y, context.scratch, *context.pool);
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<Int8PoolShape> ShapeOf(const KernelContext& context) const {
    const Dims& x = context.inputs[0].dims;
    if (x.size() < 3 || x.size() > 5) {
      return NodeError(node_, "rank of x", "3 to 5", absl::StrCat(x.size()));
    }
    const size_t spatial = x.size() - 2;
    const absl::Span<const int64_t> extents =
        absl::MakeConstSpan(x).subspan(1, spatial);
    Int8PoolShape shape;
    shape.batch = x[0];
    shape.channels = x.back();
    shape.is_signed = context.inputs[0].dtype == DType::kS8;
    shape.axes.fill(Int8PoolShape::Absent());
    Dims expected = {x[0]};
    std::vector<WindowAxis> axes(spatial, WindowAxis{0, 0, 1});
    if (view_.has_value()) {
      shape.count_include_pad = view_->count_include_pad;
      HONE_ASSIGN_OR_RETURN(axes, view_->window.Resolve(node_, extents));
    }
    for (size_t a = 0; a < spatial; ++a) {
      PoolAxis& axis = shape.axes[3 - spatial + a];
      axis = {extents[a], axes[a].output, extents[a], 1, 1, 0, 0};
      if (view_.has_value()) {
        axis = {extents[a],
                axes[a].output,
                view_->window.kernel[a],
                view_->window.strides[a],
                view_->window.dilations[a],
                axes[a].pad_begin,
                axes[a].pad_end};
      }
      expected.push_back(axes[a].output);
    }
    expected.push_back(x.back());
    HONE_RETURN_IF_ERROR(ExpectDims(NodeLabel(node_), "output extents",
                                    expected, context.outputs[0].dims));
    return shape;
  }

  const Node node_;
  const std::optional<PoolView> view_;
  const Int8PoolParams params_;
  const bool max_;
  const bool definition_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedPool(
    const KernelSpec& spec) {
  const Node& node = *spec.node;
  std::optional<PoolView> view;
  if (node.IntAttribute("global", 0) == 0) {
    HONE_ASSIGN_OR_RETURN(view, PoolView::Of(node, kPoolOpset));
  }
  Int8PoolParams params;
  if (node.op_type == "QuantizedAveragePool") {
    HONE_ASSIGN_OR_RETURN(const TensorQuant x, ReadTensorQuant(spec, 1));
    HONE_ASSIGN_OR_RETURN(const TensorQuant y, ReadTensorQuant(spec, 3));
    if (x.is_signed != y.is_signed) {
      return NodeError(node, "types of x and y", "one integer type",
                       "int8 and uint8");
    }
    params = {x.scale, y.scale, x.zero, y.zero, y.low(), y.high()};
  }
  return std::make_unique<QuantizedPool>(spec, std::move(view), params);
}

}  // namespace hone
