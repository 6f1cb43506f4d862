#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
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
#include "ir/type/type.h"
#include "ir/views/conv_view.h"
#include "kernels/cpu/blocked/blocked_conv.h"
#include "kernels/cpu/blocked/blocked_product.h"
#include "kernels/cpu/blocked/blocked_window.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/blocked/winograd.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/activation/activation.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/blocked/blocked.h"
#include "kernels/exec/ops/conv/conv_geometry.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

// What the three ways to compute it share.
struct ConvSpec {
  Node node;
  ConvView view;
  Dims w;  // [m, c, k...]
  bool plain_input;
  Activation activation;
  std::vector<float> bias;  // in blocks; empty: zeros

  // `x`: extents in blocks, or plain.
  absl::StatusOr<ConvShape> Shape(const Dims& x) const {
    Dims plain = x;
    if (!plain_input) {
      if (plain.size() < 4 || plain[1] != ChannelBlocks(w[1] * view.group)) {
        return NodeError(node, "extents of x in blocks",
                         absl::StrCat("[n, ", ChannelBlocks(w[1] * view.group),
                                      ", d..., ", ChannelBlock(), "]"),
                         DimsToString(x));
      }
      plain.pop_back();
      plain[1] = w[1] * view.group;
    }
    return ConvShapeOf(node, view, plain, w);
  }
};

class BlockedConvKernel : public Kernel {
 public:
  explicit BlockedConvKernel(ConvSpec spec) : spec_(std::move(spec)) {}

  bool reads_input(size_t index) const override {
    return index == 0 || index == 3;
  }
  absl::Status Run(const KernelContext& context) const override {
    const absl::Span<const TensorView> in = context.inputs;
    HONE_ASSIGN_OR_RETURN(const ConvShape shape, spec_.Shape(in[0].dims));
    Dims y = ConvOutputDims(shape, spec_.w.size());
    y[1] = ChannelBlocks(y[1]);
    y.push_back(ChannelBlock());
    HONE_RETURN_IF_ERROR(ExpectDims(NodeLabel(spec_.node), "extents of y", y,
                                    context.outputs[0].dims));
    ConvEpilogue epilogue;
    epilogue.activation = spec_.activation;
    if (!spec_.bias.empty()) epilogue.bias = spec_.bias.data();
    if (in.size() > 3 && in[3].present()) {
      HONE_RETURN_IF_ERROR(CheckExtents(spec_.node, "the residual", in[3], y));
      epilogue.residual = in[3].As<float>();
    }
    Compute(shape, epilogue, context);
    return absl::OkStatus();
  }

 protected:
  virtual void Compute(const ConvShape& shape, const ConvEpilogue& epilogue,
                       const KernelContext& context) const = 0;

  const ConvSpec spec_;
};

class DirectKernel : public BlockedConvKernel {
 public:
  DirectKernel(ConvSpec spec, std::shared_ptr<const BlockedWeights> weights)
      : BlockedConvKernel(std::move(spec)), weights_(std::move(weights)) {}

  absl::string_view name() const override { return "blocked.conv"; }
  size_t packed_bytes() const override { return weights_->bytes(); }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<ConvShape> shape = spec_.Shape(inputs[0].dims);
    return shape.ok()
               ? BlockedConvScratchBytes(*shape, !spec_.plain_input, threads)
               : 0;
  }

 private:
  void Compute(const ConvShape& shape, const ConvEpilogue& epilogue,
               const KernelContext& context) const override {
    BlockedConv(shape, context.inputs[0].As<float>(), !spec_.plain_input,
                *weights_, epilogue, context.outputs[0].As<float>(),
                context.scratch, *context.pool);
  }

  const std::shared_ptr<const BlockedWeights> weights_;
};

class WinogradKernel : public BlockedConvKernel {
 public:
  WinogradKernel(ConvSpec spec, std::shared_ptr<const WinogradWeights> weights)
      : BlockedConvKernel(std::move(spec)), weights_(std::move(weights)) {}

  absl::string_view name() const override { return "blocked.conv.winograd"; }
  size_t packed_bytes() const override { return weights_->bytes(); }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int /*threads*/) const override {
    const absl::StatusOr<ConvShape> shape = spec_.Shape(inputs[0].dims);
    return shape.ok() ? WinogradScratchBytes(*shape) : 0;
  }

 private:
  void Compute(const ConvShape& shape, const ConvEpilogue& epilogue,
               const KernelContext& context) const override {
    WinogradConv(shape, context.inputs[0].As<float>(), *weights_, epilogue,
                 context.outputs[0].As<float>(), context.scratch,
                 *context.pool);
  }

  const std::shared_ptr<const WinogradWeights> weights_;
};

class BlockedDepthwiseKernel : public BlockedConvKernel {
 public:
  BlockedDepthwiseKernel(ConvSpec spec,
                         std::shared_ptr<const BlockedFilters> filters)
      : BlockedConvKernel(std::move(spec)), filters_(std::move(filters)) {}

  absl::string_view name() const override { return "blocked.depthwise"; }
  size_t packed_bytes() const override { return filters_->bytes(); }

 private:
  void Compute(const ConvShape& s, const ConvEpilogue& epilogue,
               const KernelContext& context) const override {
    const auto axis = [&](size_t i) {
      return PoolAxis{
          s.in[i],        s.out[i], s.kernel[i], s.stride[i], s.dilation[i],
          s.pad_begin[i], 0};
    };
    BlockedDepthwise({s.batch * filters_->blocks(), axis(1), axis(2)},
                     context.inputs[0].As<float>(), *filters_, epilogue,
                     context.outputs[0].As<float>(), *context.pool);
  }

  const std::shared_ptr<const BlockedFilters> filters_;
};

// The extents, a batch of 1 and `otherwise` along axes that are not known,
// when the plan is compiled.
absl::StatusOr<ConvShape> LikelyShape(const ConvSpec& conv, const Type& x) {
  constexpr int64_t kOtherwise = 64;
  Dims dims;
  if (x.is_tensor() && x.shape.has_value()) {
    for (const Dim& dim : *x.shape) {
      dims.push_back(dim.known() ? dim.value : kOtherwise);
    }
  }
  if (!dims.empty()) dims[0] = 1;
  return conv.Shape(dims);
}

std::string PackingName(absl::string_view kind, int64_t group) {
  return absl::StrCat("blocked.", kind, ".", ChannelBlock(), ".", group);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockedConv(
    const KernelSpec& spec) {
  const Node& node = *spec.node;
  const Tensor* const w =
      spec.constants.size() > 1 ? spec.constants[1] : nullptr;
  if (w == nullptr || w->dtype() != DType::kF32 || w->rank() < 3 ||
      w->rank() > 4 || w->size() == 0) {
    return NodeError(node, "W", "a constant float32 [m, c, k...]",
                     w == nullptr ? "no constant" : DimsToString(w->dims()));
  }
  ConvSpec conv;
  conv.node = node;
  conv.w = w->dims();
  conv.plain_input = node.IntAttribute("plain_input", 0) != 0;
  HONE_ASSIGN_OR_RETURN(conv.view, ConvView::Of(node, spec.opset, w->dims()));
  HONE_ASSIGN_OR_RETURN(conv.activation, ReadActivation(node));
  const int64_t channels = w->dims()[0];
  if (!node.Input(2).empty()) {
    const Tensor* const b = spec.constants[2];
    if (b == nullptr || b->dtype() != DType::kF32 || b->size() != channels) {
      return NodeError(node, "B",
                       absl::StrCat("a constant float32 [", channels, "]"),
                       b == nullptr ? "no constant" : DimsToString(b->dims()));
    }
    const Tensor aligned = b->Aligned();
    conv.bias.assign(
        static_cast<size_t>(ChannelBlocks(channels) * ChannelBlock()), 0);
    const absl::Span<const float> values = aligned.Values<float>();
    std::copy(values.begin(), values.end(), conv.bias.begin());
  }
  const Tensor aligned = w->Aligned();
  const float* const weights = aligned.Values<float>().data();
  const int64_t taps = w->size() / (w->dims()[0] * w->dims()[1]);
  const int64_t group = conv.view.group;
  if (group > 1) {
    if (w->dims()[1] != 1 || group != channels || conv.plain_input) {
      return NodeError(node, "group", "1, or one channel each, in blocks",
                       absl::StrCat(group));
    }
    auto filters = PackOnce<BlockedFilters>(
        spec.packed, *w, PackingName("filters", group), [&] {
          return std::make_shared<const BlockedFilters>(weights, channels,
                                                        taps);
        });
    return std::make_unique<BlockedDepthwiseKernel>(std::move(conv),
                                                    std::move(filters));
  }
  const int64_t in_channels = w->dims()[1];
  const absl::StatusOr<ConvShape> shape =
      LikelyShape(conv, spec.input_types[0]);
  if (!conv.plain_input && shape.ok() && WinogradApplies(*shape) &&
      WinogradPays(*shape)) {
    auto packed = PackOnce<WinogradWeights>(
        spec.packed, *w, PackingName("winograd", 1), [&] {
          return std::make_shared<const WinogradWeights>(weights, channels,
                                                         in_channels);
        });
    return std::make_unique<WinogradKernel>(std::move(conv), std::move(packed));
  }
  auto packed = PackOnce<BlockedWeights>(
      spec.packed, *w, PackingName(conv.plain_input ? "plain" : "direct", 1),
      [&] {
        return std::make_shared<const BlockedWeights>(
            weights, channels, in_channels, taps, !conv.plain_input);
      });
  return std::make_unique<DirectKernel>(std::move(conv), std::move(packed));
}

}  // namespace hone
