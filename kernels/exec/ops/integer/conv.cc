#include "kernels/cpu/int8/conv/conv.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/conv_view.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/conv_ref.h"
#include "kernels/cpu/int8/depthwise/depthwise.h"
#include "kernels/cpu/int8/depthwise/weights.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/conv/conv_geometry.h"
#include "kernels/exec/ops/integer/integer.h"
#include "kernels/exec/ops/integer/product_kernel.h"
#include "kernels/exec/ops/integer/quant_constants.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

// [n, c, spatial...] of [n, spatial..., c].
Dims ChannelsFirst(const Dims& dims) {
  Dims first = dims;
  if (first.size() < 3) return first;
  first[1] = dims.back();
  for (size_t i = 2; i < dims.size(); ++i) first[i] = dims[i - 1];
  return first;
}

class QuantizedConv : public Kernel {
 public:
  QuantizedConv(const KernelSpec& spec, ConvView view,
                ProductConstants constants)
      : node_(*spec.node),
        view_(std::move(view)),
        w_dims_(spec.constants[ProductInputs::kW]->dims()),
        constants_(std::move(constants)) {}

 protected:
  absl::StatusOr<ConvShape> Shape(absl::Span<const TensorView> inputs) const {
    return ConvShapeOf(node_, view_, ChannelsFirst(inputs[0].dims), w_dims_);
  }

  absl::StatusOr<ConvShape> Check(const KernelContext& context) const {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Shape(context.inputs));
    const Dims y = ConvOutputDims(shape, w_dims_.size());
    const Dims found = ChannelsFirst(context.outputs[0].dims);
    if (found != y) {
      return NodeError(node_, "extents of Y", DimsToString(y),
                       DimsToString(found));
    }
    return shape;
  }

  // Of x as uint8, where it is int8.
  size_t CopyBytes(absl::Span<const TensorView> inputs) const {
    return constants_.x.is_signed ? (inputs[0].size + 63) / 64 * 64 : 0;
  }

  const Node node_;
  const ConvView view_;
  const Dims w_dims_;
  const ProductConstants constants_;
};

class DefinedConv : public QuantizedConv {
 public:
  DefinedConv(const KernelSpec& spec, ConvView view, ProductConstants constants,
              std::vector<int8_t> weights)
      : QuantizedConv(spec, std::move(view), std::move(constants)),
        weights_(std::move(weights)) {}
  absl::string_view name() const override { return "int8.conv.definition"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    if (constants_.x.is_signed) return RunOn<int8_t>(shape, context);
    return RunOn<uint8_t>(shape, context);
  }

 private:
  template <typename X>
  absl::Status RunOn(const ConvShape& shape,
                     const KernelContext& context) const {
    const MutableTensorView& y = context.outputs[0];
    if (constants_.epilogue.to_float) {
      RunTo<X>(shape, context, y.As<float>());
    } else {
      // Both kinds of integers end in the same byte.
      RunTo<X>(shape, context, y.As<uint8_t>());
    }
    return absl::OkStatus();
  }

  template <typename X, typename Y>
  void RunTo(const ConvShape& shape, const KernelContext& context, Y* y) const {
    Int8ConvRef(shape, context.inputs[0].As<X>(), constants_.x.zero,
                weights_.data(), constants_.bias.data(),
                constants_.multiplier.data(), constants_.epilogue, y);
  }

  const std::vector<int8_t> weights_;
};

class GemmConv : public QuantizedConv {
 public:
  GemmConv(const KernelSpec& spec, ConvView view, ProductConstants constants,
           std::shared_ptr<const PackedInt8> weights)
      : QuantizedConv(spec, std::move(view), std::move(constants)),
        weights_(std::move(weights)),
        epilogue_(constants_, weights_->groups(), weights_->columns(),
                  [this](int64_t g, int64_t c) {
                    return weights_->column_sum(g, c);
                  }) {}

  absl::string_view name() const override { return "int8.conv.gemm"; }
  bool reads_input(size_t index) const override { return index == 0; }
  size_t packed_bytes() const override { return weights_->bytes(); }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<ConvShape> shape = Shape(inputs);
    if (!shape.ok()) return 0;
    return CopyBytes(inputs) + Int8ConvScratchBytes(*shape, threads);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    const uint8_t* const x = AsUint8(context.inputs[0], constants_.x,
                                     context.scratch, *context.pool);
    Int8Conv(shape, x,
             static_cast<uint8_t>(ProductEpilogue::ZeroOf(constants_.x)),
             *weights_, epilogue_.get(), context.outputs[0].data,
             context.scratch + CopyBytes(context.inputs), *context.pool);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<const PackedInt8> weights_;
  const ProductEpilogue epilogue_;
};

// One input and output channel a group.
class DepthwiseConv : public QuantizedConv {
 public:
  DepthwiseConv(const KernelSpec& spec, ConvView view,
                ProductConstants constants,
                std::shared_ptr<const Int8DepthwiseWeights> weights)
      : QuantizedConv(spec, std::move(view), std::move(constants)),
        weights_(std::move(weights)),
        epilogue_(constants_.epilogue) {
    const int64_t channels = w_dims_[0];
    std::vector<int32_t> bias;
    std::vector<float> multiplier;
    for (int64_t c = 0; c < weights_->channels(); ++c) {
      bias.push_back(ProductEpilogue::LessZeroPoint(
          constants_.bias[c % channels], constants_.x,
          weights_->channel_sum(c)));
      multiplier.push_back(constants_.multiplier[c % channels]);
    }
    bias_ = weights_->Arrange(bias.data());
    multiplier_ = weights_->Arrange(multiplier.data());
    epilogue_.bias = bias_.data();
    epilogue_.multiplier = multiplier_.data();
  }

  absl::string_view name() const override { return "int8.conv.depthwise"; }
  bool reads_input(size_t index) const override { return index == 0; }
  size_t packed_bytes() const override { return weights_->bytes(); }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int /*threads*/) const override {
    const absl::StatusOr<ConvShape> shape = Shape(inputs);
    if (!shape.ok()) return 0;
    return CopyBytes(inputs) + Int8DepthwiseScratchBytes(*shape);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, Check(context));
    const uint8_t* const x = AsUint8(context.inputs[0], constants_.x,
                                     context.scratch, *context.pool);
    Int8Depthwise(shape, x,
                  static_cast<uint8_t>(ProductEpilogue::ZeroOf(constants_.x)),
                  *weights_, epilogue_, context.outputs[0].data,
                  context.scratch + CopyBytes(context.inputs), *context.pool);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<const Int8DepthwiseWeights> weights_;
  Int8Epilogue epilogue_;
  std::vector<int32_t> bias_;
  std::vector<float> multiplier_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedConv(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(std::vector<int8_t> w,
                        ProductConstants::CenteredWeights(spec, 0));
  const Tensor& tensor = *spec.constants[ProductInputs::kW];
  const Dims& dims = tensor.dims();
  HONE_ASSIGN_OR_RETURN(ConvView view,
                        ConvView::Of(*spec.node, spec.opset, dims));
  if (dims.size() < 3 || dims.size() > 5 || dims[0] % view.group != 0 ||
      tensor.size() == 0) {
    return NodeError(*spec.node, "extents of W",
                     "1 to 3 spatial axes, output channels of every group",
                     DimsToString(dims));
  }
  HONE_ASSIGN_OR_RETURN(ProductConstants constants,
                        ProductConstants::Of(spec, dims[0]));
  if (RunsDefinition(spec)) {
    return std::make_unique<DefinedConv>(spec, std::move(view),
                                         std::move(constants), std::move(w));
  }
  const ConvShape shape = ConvWeightShape(view, dims);
  const Tensor* const zero = spec.constants[ProductInputs::kWQuant + 1];
  const std::string zero_hash = zero == nullptr ? "" : zero->ContentHash();
  if (dims.size() <= 4 && Int8DepthwiseApplies(shape)) {
    const int64_t together = Int8DepthwisePixelsTogether(shape);
    auto weights = PackOnce<Int8DepthwiseWeights>(
        spec.packed, tensor,
        absl::StrCat("int8.depthwise.", CurrentInt8Layout().name(), ".",
                     together, ".", zero_hash),
        [&] {
          std::vector<int8_t> pixels;
          for (int64_t i = 0; i < together; ++i) {
            pixels.insert(pixels.end(), w.begin(), w.end());
          }
          return std::make_shared<const Int8DepthwiseWeights>(
              pixels.data(), together * shape.groups, Volume(shape.kernel),
              CurrentInt8Layout());
        });
    return std::make_unique<DepthwiseConv>(
        spec, std::move(view), std::move(constants), std::move(weights));
  }
  std::shared_ptr<const PackedInt8> weights = PackOnce<PackedInt8>(
      spec.packed, tensor,
      absl::StrCat("int8.conv.", CurrentInt8Layout().name(), ".", shape.groups,
                   ".", shape.dilation[2], ".", zero_hash),
      [&] {
        const Int8ConvTaps taps = Int8ConvTapsOf(shape);
        return std::make_shared<const PackedInt8>(
            ArrangeInt8Taps(shape, w.data()).data(), shape.groups,
            shape.out_channels, taps.count, taps.depth, CurrentInt8Layout());
      });
  return std::make_unique<GemmConv>(spec, std::move(view), std::move(constants),
                                    std::move(weights));
}

}  // namespace hone
