#include "kernels/exec/ops/conv_transpose/conv_transpose.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/conv_view.h"
#include "ir/views/window.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv_transpose/conv_transpose.h"
#include "kernels/cpu/conv_transpose/conv_transpose_ref.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/activation/activation.h"
#include "kernels/exec/ops/conv/conv_geometry.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

absl::Status CheckWeights(const Node& node, const ConvTransposeView& view,
                          absl::Span<const int64_t> w) {
  if (w.size() < 3) {
    return NodeError(node, "rank of W", "at least 3", absl::StrCat(w.size()));
  }
  if (w.size() > 5) {
    return MakeError(absl::StatusCode::kUnimplemented,
                     "transposed convolution over many axes",
                     {.node = NodeLabel(node),
                      .expected = "at most 3 spatial axes",
                      .found = absl::StrCat(w.size() - 2)});
  }
  if (w[0] % view.group != 0) {
    return NodeError(node, "input channels of W",
                     absl::StrCat("a multiple of group ", view.group),
                     absl::StrCat(w[0]));
  }
  return absl::OkStatus();
}

// Everything but the spatial extents. Requires CheckWeights.
ConvShape WeightShape(const ConvTransposeView& view,
                      absl::Span<const int64_t> w) {
  ConvShape shape;
  shape.groups = view.group;
  shape.in_channels = w[0] / view.group;
  shape.out_channels = w[1];
  const size_t first = 5 - w.size();
  for (size_t i = 2; i < w.size(); ++i) shape.kernel[first + i - 2] = w[i];
  return shape;
}

class ConvTransposeKernel : public Kernel {
 public:
  ConvTransposeKernel(const KernelSpec& spec, Activation activation)
      : node_(*spec.node), opset_(spec.opset), activation_(activation) {}

 protected:
  absl::StatusOr<ConvShape> Shape(absl::Span<const TensorView> inputs) const {
    const Dims& x = inputs[0].dims;
    const Dims& w = inputs[1].dims;
    HONE_ASSIGN_OR_RETURN(const ConvTransposeView view,
                          ConvTransposeView::Of(node_, opset_, w));
    HONE_RETURN_IF_ERROR(CheckWeights(node_, view, w));
    if (x.size() != w.size() || x[1] != w[0]) {
      return NodeError(
          node_, "extents of X",
          absl::StrCat("rank ", w.size(), " and ", w[0], " channels"),
          DimsToString(x));
    }
    HONE_ASSIGN_OR_RETURN(
        const std::vector<WindowAxis> axes,
        view.Resolve(node_, absl::MakeConstSpan(x).subspan(2)));
    ConvShape shape = WeightShape(view, w);
    shape.batch = x[0];
    const size_t first = 3 - axes.size();
    for (size_t i = 0; i < axes.size(); ++i) {
      shape.in[first + i] = x[2 + i];
      shape.stride[first + i] = view.window.strides[i];
      shape.dilation[first + i] = view.window.dilations[i];
      shape.pad_begin[first + i] = axes[i].pad_begin;
      shape.out[first + i] = axes[i].output;
    }
    return shape;
  }

  absl::StatusOr<ConvShape> Check(const KernelContext& context) const {
    const absl::Span<const TensorView> inputs = context.inputs;
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Shape(inputs));
    const Dims y = ConvOutputDims(shape, inputs[0].dims.size());
    if (context.outputs[0].dims != y) {
      return NodeError(node_, "extents of Y", DimsToString(y),
                       DimsToString(context.outputs[0].dims));
    }
    if (inputs.size() > 2) {
      HONE_RETURN_IF_ERROR(CheckExtents(node_, "B", inputs[2], {y[1]}));
    }
    return shape;
  }

  const Node node_;
  const int64_t opset_;
  const Activation activation_;
};

template <typename T>
class ReferenceConvTranspose : public ConvTransposeKernel {
 public:
  using ConvTransposeKernel::ConvTransposeKernel;
  absl::string_view name() const override { return "conv_transpose.reference"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    const absl::Span<const TensorView> in = context.inputs;
    T* const y = context.outputs[0].As<T>();
    ConvTransposeRef<T>(shape, in[0].As<T>(), in[1].As<T>(),
                        in.size() > 2 ? in[2].As<T>() : nullptr, y);
    if constexpr (std::is_same_v<T, float>) {
      for (int64_t i = 0; i < context.outputs[0].size; ++i) {
        y[i] = Activate(activation_, y[i]);
      }
    }
    return absl::OkStatus();
  }
};

class GemmConvTranspose : public ConvTransposeKernel {
 public:
  GemmConvTranspose(const KernelSpec& spec, Activation activation,
                    std::shared_ptr<const PackedRows> weights)
      : ConvTransposeKernel(spec, activation), weights_(std::move(weights)) {}

  absl::string_view name() const override { return "conv_transpose.gemm"; }
  bool reads_input(size_t index) const override {
    return index != 1 || weights_ == nullptr;
  }
  size_t packed_bytes() const override {
    return weights_ == nullptr ? 0 : weights_->bytes();
  }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<ConvShape> shape = Shape(inputs);
    return shape.ok() ? ConvTransposeScratchBytes(*shape, threads) : 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    const absl::Span<const TensorView> in = context.inputs;
    std::optional<PackedRows> packed_now;
    const PackedRows* weights = weights_.get();
    if (weights == nullptr) {
      packed_now.emplace(PackConvTransposeWeights(shape, in[1].As<float>()));
      weights = &*packed_now;
    }
    ConvTranspose(shape, in[0].As<float>(), *weights,
                  in.size() > 2 ? in[2].As<float>() : nullptr, activation_,
                  context.outputs[0].As<float>(), context.scratch,
                  *context.pool);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const PackedRows> weights_;  // null: W is no constant
};

// Null when W is no constant.
absl::StatusOr<std::shared_ptr<const PackedRows>> PackWeights(
    const KernelSpec& spec) {
  std::shared_ptr<const PackedRows> none;
  const Tensor* const w = spec.constants[1];
  if (w == nullptr || w->size() == 0) return none;
  HONE_ASSIGN_OR_RETURN(
      const ConvTransposeView view,
      ConvTransposeView::Of(*spec.node, spec.opset, w->dims()));
  HONE_RETURN_IF_ERROR(CheckWeights(*spec.node, view, w->dims()));
  return PackOnce<PackedRows>(
      spec.packed, *w,
      absl::StrCat("transposed.", CurrentTileShape().rows, ".", view.group),
      [&] {
        const Tensor aligned = w->Aligned();
        return std::make_shared<const PackedRows>(PackConvTransposeWeights(
            WeightShape(view, w->dims()), aligned.Values<float>().data()));
      });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeConvTranspose(
    const KernelSpec& spec) {
  const Node& node = *spec.node;
  if (spec.input_types.size() < 2 || node.Input(1).empty()) {
    return NodeError(node, "inputs", "X and W",
                     absl::StrCat(spec.input_types.size()));
  }
  HONE_ASSIGN_OR_RETURN(const Activation activation, ReadActivation(node));
  const Tensor* const w = spec.constants[1];
  const DType dtype = w != nullptr ? w->dtype() : spec.input_types[1].dtype;
  if (dtype == DType::kF64 && node.domain.empty()) {
    return std::make_unique<ReferenceConvTranspose<double>>(spec, activation);
  }
  if (dtype != DType::kF32) {
    return MakeError(absl::StatusCode::kUnimplemented, "type of W",
                     {.node = NodeLabel(node),
                      .expected = "float32 or float64",
                      .found = std::string(DTypeName(dtype))});
  }
  if (spec.reference) {
    return std::make_unique<ReferenceConvTranspose<float>>(spec, activation);
  }
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const PackedRows> weights,
                        PackWeights(spec));
  return std::make_unique<GemmConvTranspose>(spec, activation,
                                             std::move(weights));
}

}  // namespace hone
