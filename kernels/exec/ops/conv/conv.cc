#include "kernels/exec/ops/conv/conv.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "ir/views/attributes.h"
#include "ir/views/conv_view.h"
#include "kernels/cpu/conv/conv.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_pixels.h"
#include "kernels/cpu/conv/conv_ref.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/depthwise/depthwise.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/activation/activation.h"
#include "kernels/exec/ops/conv/conv_geometry.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

// What all forms of the kernel do: keep the node, and check one run's inputs.
class ConvKernel : public Kernel {
 public:
  ConvKernel(const KernelSpec& spec, Activation activation)
      : node_(*spec.node), opset_(spec.opset), activation_(activation) {
    const Tensor* const w = spec.constants[1];
    if (w == nullptr) return;
    const absl::StatusOr<ConvView> view =
        ConvView::Of(node_, opset_, w->dims());
    if (view.ok()) view_ = *view;
  }

 protected:
  // The extents of W are known here even where the bytes are gone.
  absl::StatusOr<ConvShape> Shape(absl::Span<const TensorView> inputs) const {
    const Dims& w = inputs[1].dims;
    if (view_.has_value()) {
      return ConvShapeOf(node_, *view_, inputs[0].dims, w);
    }
    HONE_ASSIGN_OR_RETURN(const ConvView view, ConvView::Of(node_, opset_, w));
    return ConvShapeOf(node_, view, inputs[0].dims, w);
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
    if (inputs.size() > 3) {
      HONE_RETURN_IF_ERROR(CheckExtents(node_, "the residual", inputs[3], y));
    }
    return shape;
  }

  ConvEpilogue Epilogue(absl::Span<const TensorView> inputs) const {
    ConvEpilogue epilogue;
    if (inputs.size() > 2) epilogue.bias = inputs[2].As<float>();
    if (inputs.size() > 3) epilogue.residual = inputs[3].As<float>();
    epilogue.activation = activation_;
    return epilogue;
  }

  const Node node_;
  const int64_t opset_;
  const Activation activation_;

 private:
  std::optional<ConvView> view_;  // where W is a constant, read once
};

template <typename T>
class ReferenceConv : public ConvKernel {
 public:
  using ConvKernel::ConvKernel;
  absl::string_view name() const override { return "conv.reference"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    const absl::Span<const TensorView> in = context.inputs;
    T* const y = context.outputs[0].As<T>();
    if constexpr (std::is_same_v<T, float>) {
      ConvRef(shape, in[0].As<T>(), in[1].As<T>(), Epilogue(in), y);
    } else {
      ConvRef<T>(shape, in[0].As<T>(), in[1].As<T>(),
                 in.size() > 2 ? in[2].As<T>() : nullptr, y);
    }
    return absl::OkStatus();
  }
};

// Weights times patches.
class GemmConv : public ConvKernel {
 public:
  GemmConv(const KernelSpec& spec, Activation activation,
           std::shared_ptr<const PackedRows> weights)
      : ConvKernel(spec, activation), weights_(std::move(weights)) {}

  absl::string_view name() const override { return "conv.gemm"; }
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
    return shape.ok() ? ConvScratchBytes(*shape, threads) : 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    std::optional<PackedRows> packed_now;
    const PackedRows* weights = weights_.get();
    if (weights == nullptr) {
      packed_now.emplace(context.inputs[1].As<float>(), shape.groups,
                         shape.out_channels, shape.depth());
      weights = &*packed_now;
    }
    Conv(shape, context.inputs[0].As<float>(), *weights,
         Epilogue(context.inputs), context.outputs[0].As<float>(),
         context.scratch, *context.pool);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const PackedRows> weights_;  // null: W is no constant
};

// Plane by plane, weights as they are.
class DepthwiseKernel : public ConvKernel {
 public:
  using ConvKernel::ConvKernel;
  absl::string_view name() const override { return "conv.depthwise"; }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<ConvShape> shape = Shape(inputs);
    return shape.ok() ? DepthwiseScratchBytes(*shape, threads) : 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    DepthwiseConv(shape, context.inputs[0].As<float>(),
                  context.inputs[1].As<float>(), Epilogue(context.inputs),
                  context.outputs[0].As<float>(), context.scratch,
                  *context.pool);
    return absl::OkStatus();
  }
};

// Pixels times weights, for short rows of outputs.
class PixelKernel : public ConvKernel {
 public:
  PixelKernel(const KernelSpec& spec, Activation activation,
              std::shared_ptr<const PixelWeights> weights)
      : ConvKernel(spec, activation), weights_(std::move(weights)) {}

  absl::string_view name() const override { return "conv.pixels"; }
  bool reads_input(size_t index) const override { return index != 1; }
  size_t packed_bytes() const override { return weights_->bytes(); }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<ConvShape> shape = Shape(inputs);
    return shape.ok() ? ConvPixelsScratchBytes(*shape, threads) : 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    ConvPixels(shape, context.inputs[0].As<float>(), *weights_,
               Epilogue(context.inputs), context.outputs[0].As<float>(),
               context.scratch, *context.pool);
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const PixelWeights> weights_;
};

// The shape, where everything but the batch is known when the plan is compiled,
// of a convolution that PixelKernel computes faster than GemmConv.
std::optional<ConvShape> PixelShape(const KernelSpec& spec) {
  const Tensor* const w = spec.constants[1];
  const Type& x = spec.input_types[0];
  if (w == nullptr || w->size() == 0 || w->rank() > 4 || !x.is_tensor() ||
      !x.shape.has_value() || x.shape->size() != w->dims().size()) {
    return std::nullopt;
  }
  Shape known = *x.shape;
  known[0] = Dim::Of(1);
  const std::optional<Dims> dims = KnownDims(known);
  const absl::StatusOr<ConvView> view =
      ConvView::Of(*spec.node, spec.opset, w->dims());
  if (!dims.has_value() || !view.ok()) return std::nullopt;
  const absl::StatusOr<ConvShape> shape =
      ConvShapeOf(*spec.node, *view, *dims, w->dims());
  if (!shape.ok() || !ConvPixelsApplies(*shape) || !ConvPixelsPays(*shape)) {
    return std::nullopt;
  }
  return *shape;
}

// Null when W is no constant.
absl::StatusOr<std::shared_ptr<const PackedRows>> PackWeights(
    const KernelSpec& spec) {
  std::shared_ptr<const PackedRows> none;
  const Tensor* const w = spec.constants[1];
  if (w == nullptr) return none;
  HONE_ASSIGN_OR_RETURN(const ConvView view,
                        ConvView::Of(*spec.node, spec.opset, w->dims()));
  if (w->rank() < 3 || w->dims()[0] % view.group != 0) {
    return NodeError(*spec.node, "W",
                     absl::StrCat("[multiple of ", view.group, ", c, k...]"),
                     DimsToString(w->dims()));
  }
  if (w->size() == 0) return none;
  const int64_t rows = w->dims()[0] / view.group;
  return PackOnce<PackedRows>(
      spec.packed, *w,
      absl::StrCat("rows.", CurrentTileShape().rows, ".", view.group), [&] {
        const Tensor aligned = w->Aligned();
        return std::make_shared<const PackedRows>(
            aligned.Values<float>().data(), view.group, rows,
            w->size() / w->dims()[0]);
      });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeConv(const KernelSpec& spec) {
  const Node& node = *spec.node;
  if (spec.input_types.size() < 2 || node.Input(1).empty()) {
    return NodeError(node, "inputs", "X and W",
                     absl::StrCat(spec.input_types.size()));
  }
  HONE_ASSIGN_OR_RETURN(const Activation activation, ReadActivation(node));
  const Tensor* const w = spec.constants[1];
  const DType dtype = w != nullptr ? w->dtype() : spec.input_types[1].dtype;
  if (dtype == DType::kF64 && node.domain.empty()) {
    return std::make_unique<ReferenceConv<double>>(spec, activation);
  }
  if (dtype != DType::kF32) {
    return MakeError(absl::StatusCode::kUnimplemented, "type of W",
                     {.node = NodeLabel(node),
                      .expected = "float32 or float64",
                      .found = std::string(DTypeName(dtype))});
  }
  if (spec.reference) {
    return std::make_unique<ReferenceConv<float>>(spec, activation);
  }
  if (w != nullptr && w->rank() >= 3 && w->rank() <= 4 && w->dims()[1] == 1 &&
      node.IntAttribute("group", 1) > 1) {
    return std::make_unique<DepthwiseKernel>(spec, activation);
  }
  if (const std::optional<ConvShape> shape = PixelShape(spec)) {
    return std::make_unique<PixelKernel>(
        spec, activation,
        PackOnce<PixelWeights>(
            spec.packed, *w,
            absl::StrCat("pixels.", CurrentTileShape().columns, ".",
                         shape->groups),
            [&] {
              const Tensor aligned = w->Aligned();
              return std::make_shared<const PixelWeights>(
                  aligned.Values<float>().data(), shape->groups,
                  shape->out_channels, shape->depth());
            }));
  }
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const PackedRows> weights,
                        PackWeights(spec));
  return std::make_unique<GemmConv>(spec, activation, std::move(weights));
}

}  // namespace hone
