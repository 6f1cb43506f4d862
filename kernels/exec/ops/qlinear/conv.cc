#include "kernels/cpu/int8/conv/conv.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/conv_view.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/window_sums.h"
#include "kernels/cpu/int8/depthwise/depthwise.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/move/strided_copy.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/scratch.h"
#include "kernels/exec/ops/conv/conv_geometry.h"
#include "kernels/exec/ops/qlinear/conv_call.h"
#include "kernels/exec/ops/qlinear/integers.h"
#include "kernels/exec/ops/qlinear/packed_conv.h"
#include "kernels/exec/ops/qlinear/qlinear.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

using Bytes = ElementTypes<int8_t, uint8_t>;

// Where what is in scratch, in bytes.
struct ScratchLayout {
  ScratchLayout(const ConvShape& s, int threads) {
    const int64_t outputs = s.groups * s.out_channels;
    padded = s.groups * PaddedInt8Columns(s.out_channels);
    y = LineBytes(
        static_cast<size_t>(s.batch * s.in_size() * s.groups * s.in_channels));
    bias = y +
           LineBytes(static_cast<size_t>(s.batch * s.out_size() * outputs * 4));
    multiplier = bias + LineBytes(static_cast<size_t>(padded * 4));
    zeros = multiplier + LineBytes(static_cast<size_t>(padded * 4));
    windows = zeros + LineBytes(static_cast<size_t>(padded * 4));
    // The sums of pixels lie where the product's own memory is afterwards.
    product =
        windows +
        LineBytes(static_cast<size_t>(s.groups * s.batch * s.out_size() * 4));
    size_t most = std::max(Int8WindowSumScratchBytes(s),
                           Int8ConvScratchBytes(s, threads));
    if (Int8DepthwiseApplies(s)) {
      most = std::max(most, Int8DepthwiseScratchBytes(s));
    }
    end = product + most;
  }
  int64_t padded;  // columns of all groups
  // x, channels last, comes first.
  size_t y, bias, multiplier, zeros, windows, product, end;
};

// On int8 products (kernels/cpu/int8/conv), channels last; the weight is packed
// beforehand where it is constant.
class IntegerConv : public Kernel {
 public:
  IntegerConv(const KernelSpec& spec, std::shared_ptr<const PackedConv> packed,
              std::unique_ptr<Kernel> definition)
      : op_(IntegerConvNode::Of(spec)),
        packed_(std::move(packed)),
        definition_(std::move(definition)) {}

  absl::string_view name() const override {
    if (packed_ == nullptr) return "int8.integer_conv";
    return packed_->gemm != nullptr ? "int8.integer_conv.packed"
                                    : "int8.integer_conv.depthwise";
  }
  bool reads_input(size_t index) const override {
    return index != op_.w || packed_ == nullptr;
  }
  size_t packed_bytes() const override {
    return packed_ == nullptr ? 0 : packed_->bytes();
  }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    if (inputs.size() <= op_.w) return 0;
    const Dims& w = inputs[op_.w].dims;
    const absl::StatusOr<ConvView> view = ConvView::Of(op_.node, op_.opset, w);
    if (!view.ok()) return 0;
    const absl::StatusOr<ConvShape> shape =
        ConvShapeOf(op_.node, *view, inputs[0].dims, w);
    return shape.ok() ? ScratchLayout(*shape, threads).end : 0;
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const IntegerConvCall call,
                          IntegerConvCall::Of(op_, context));
    for (const size_t input : {size_t{0}, op_.w}) {
      const DType dtype = context.inputs[input].dtype;
      if (!Contains(Bytes(), dtype)) {
        return UnimplementedDType(op_.label, dtype);
      }
    }
    const MutableTensorView& y = context.outputs[0];
    if (y.size == 0) return absl::OkStatus();
    const TensorView& w = context.inputs[op_.w];
    if (packed_ != nullptr) return RunPacked(call, *packed_, context);
    if (w.dims.size() > 5 || w.size == 0) return definition_->Run(context);
    const PackedConv now(call.conv, w.dims, w.As<uint8_t>(),
                         w.dtype == DType::kS8, &call.w_zero);
    return RunPacked(call, now, context);
  }

 private:
  absl::Status RunPacked(const IntegerConvCall& call, const PackedConv& weights,
                         const KernelContext& context) const {
    HONE_ASSIGN_OR_RETURN(const ConvShape s,
                          ConvShapeOf(op_.node, call.conv, call.x, call.w));
    const ScratchLayout at(s, context.pool->threads());
    const uint8_t* const x = ChannelsLast(s, context);
    const uint8_t zx =
        static_cast<uint8_t>(PickOf(call.x_zero, 0, 0) +
                             (context.inputs[0].dtype == DType::kS8 ? 128 : 0));
    // Sums go out whole where requantizing them is not the kernels' own way.
    const MutableTensorView& y = context.outputs[0];
    const bool whole = op_.quantized && (!Contains(Bytes(), y.dtype) ||
                                         !FiniteMultipliers(call));
    Int8Epilogue epilogue;
    if (op_.quantized && !whole) {
      epilogue.zero_point = PickOf(call.y_zero, 0, 0);
      epilogue.low = y.dtype == DType::kS8 ? -128 : 0;
      epilogue.high = y.dtype == DType::kS8 ? 127 : 255;
    } else {
      epilogue.to_sums = true;
    }
    std::byte* const last = context.scratch + at.y;
    if (weights.gemm != nullptr) {
      RunGemm(call, s, at, x, zx, weights, epilogue, context);
    } else {
      RunDepthwise(call, s, at, x, zx, *weights.depthwise, epilogue, context);
    }
    const int64_t outputs = s.groups * s.out_channels;
    const int64_t points = s.out_size();
    const auto first = [&](void* to) {
      StridedCopy(*context.pool, static_cast<size_t>(epilogue.y_bytes()),
                  {s.batch, outputs, points}, last,
                  {outputs * points, 1, outputs}, to,
                  {outputs * points, points, 1});
    };
    if (!whole) {
      first(y.data);
      return absl::OkStatus();
    }
    std::vector<int32_t> sums(static_cast<size_t>(y.size));
    first(sums.data());
    return call.Quantize(op_, sums.data(), y);
  }

  // x as uint8 with its channels last.
  static const uint8_t* ChannelsLast(const ConvShape& s,
                                     const KernelContext& context) {
    const TensorView& x = context.inputs[0];
    uint8_t* const to = reinterpret_cast<uint8_t*>(context.scratch);
    const int64_t channels = s.groups * s.in_channels;
    const int64_t points = s.in_size();
    StridedCopy(*context.pool, 1, {s.batch, points, channels}, x.data,
                {channels * points, 1, points}, to,
                {channels * points, channels, 1});
    if (x.dtype == DType::kS8) {
      ForRanges(*context.pool, x.size, kLightGrain,
                [&](int64_t begin, int64_t end) {
                  for (int64_t i = begin; i < end; ++i) to[i] ^= 0x80;
                });
    }
    return to;
  }

  bool FiniteMultipliers(const IntegerConvCall& call) const {
    for (int64_t c = 0; c < call.w[0]; ++c) {
      if (!std::isfinite(call.Multiplier(c))) return false;
    }
    return true;
  }

  void RunGemm(const IntegerConvCall& call, const ConvShape& s,
               const ScratchLayout& at, const uint8_t* x, uint8_t zx,
               const PackedConv& weights, Int8Epilogue epilogue,
               const KernelContext& context) const {
    const PackedInt8& gemm = *weights.gemm;
    int32_t* const bias = reinterpret_cast<int32_t*>(context.scratch + at.bias);
    float* const multiplier =
        reinterpret_cast<float*>(context.scratch + at.multiplier);
    int32_t* const zeros =
        reinterpret_cast<int32_t*>(context.scratch + at.zeros);
    std::fill(bias, bias + at.padded, 0);
    std::fill(multiplier, multiplier + at.padded, 0.0f);
    std::fill(zeros, zeros + at.padded, 0);
    const int32_t down = context.inputs[op_.w].dtype == DType::kS8 ? 0 : 128;
    const int64_t padded = PaddedInt8Columns(s.out_channels);
    bool any = false;
    for (int64_t m = 0; m < call.w[0]; ++m) {
      const int64_t group = m / s.out_channels, column = m % s.out_channels;
      const int64_t to = group * padded + column;
      bias[to] =
          LessZero(PickOf(call.bias, m, 0), zx, gemm.column_sum(group, column));
      if (op_.quantized) multiplier[to] = call.Multiplier(m);
      if (weights.centered) continue;
      zeros[to] = PickOf(call.w_zero, m, 0) - down;
      any = any || zeros[to] != 0;
    }
    epilogue.bias = bias;
    epilogue.multiplier = multiplier;
    std::byte* const own = context.scratch + at.product;
    Int8Outer outer;
    if (any) {
      int32_t* const windows =
          reinterpret_cast<int32_t*>(context.scratch + at.windows);
      Int8WindowSums(s, x, zx, windows, own, *context.pool);
      const uint32_t most = static_cast<uint32_t>(s.depth()) * zx;
      for (int64_t i = 0; i < s.groups * s.batch * s.out_size(); ++i) {
        windows[i] =
            static_cast<int32_t>(most - static_cast<uint32_t>(windows[i]));
      }
      outer = {windows, zeros};
    }
    Int8Conv(s, x, zx, gemm, epilogue, context.scratch + at.y, own,
             *context.pool, {&outer, size_t{any ? 1u : 0u}});
  }

  // One input and output channel a group.
  void RunDepthwise(const IntegerConvCall& call, const ConvShape& s,
                    const ScratchLayout& at, const uint8_t* x, uint8_t zx,
                    const Int8DepthwiseWeights& weights, Int8Epilogue epilogue,
                    const KernelContext& context) const {
    // At most 64 products of 8 bits: a float holds their sum.
    const bool sums = epilogue.to_sums;
    const int64_t channels = call.w[0];
    std::vector<int32_t> bias;
    std::vector<float> multiplier;
    for (int64_t c = 0; c < weights.channels(); ++c) {
      const int64_t m = c % channels;
      bias.push_back(LessZero(sums ? 0 : PickOf(call.bias, m, 0), zx,
                              weights.channel_sum(c)));
      multiplier.push_back(sums ? 1.0f : call.Multiplier(m));
    }
    bias = weights.Arrange(bias.data());
    multiplier = weights.Arrange(multiplier.data());
    epilogue.bias = bias.data();
    epilogue.multiplier = multiplier.data();
    epilogue.to_float = sums;
    epilogue.to_sums = false;
    std::byte* const y = context.scratch + at.y;
    Int8Depthwise(s, x, zx, weights, epilogue, y, context.scratch + at.product,
                  *context.pool);
    if (!sums) return;
    const int64_t size = s.batch * s.out_size() * channels;
    ForRanges(*context.pool, size, kLightGrain,
              [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                  float sum;
                  std::memcpy(&sum, y + 4 * i, 4);
                  const uint32_t all =
                      static_cast<uint32_t>(static_cast<int32_t>(sum)) +
                      static_cast<uint32_t>(PickOf(call.bias, i % channels, 0));
                  std::memcpy(y + 4 * i, &all, 4);
                }
              });
  }

  // bias - zero * sum, wrapping around.
  static int32_t LessZero(int32_t bias, uint8_t zero, int32_t sum) {
    return static_cast<int32_t>(static_cast<uint32_t>(bias) -
                                uint32_t{zero} * static_cast<uint32_t>(sum));
  }

  const IntegerConvNode op_;
  const std::shared_ptr<const PackedConv> packed_;
  const std::unique_ptr<Kernel> definition_;
};

const Tensor* ConstantAt(const KernelSpec& spec, size_t at) {
  return at < spec.constants.size() ? spec.constants[at] : nullptr;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerConv(
    const KernelSpec& spec) {
  const IntegerConvNode op = IntegerConvNode::Of(spec);
  HONE_RETURN_IF_ERROR(CheckDType(Bytes(), spec, 0));
  HONE_RETURN_IF_ERROR(CheckDType(Bytes(), spec, op.w));
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> definition,
                        MakeIntegerConvDefinition(spec));
  const Tensor* const w = ConstantAt(spec, op.w);
  if (spec.reference || (w != nullptr && (w->rank() > 5 || w->size() == 0))) {
    return definition;
  }
  std::shared_ptr<const PackedConv> packed;
  if (w != nullptr && w->rank() >= 3) {
    HONE_ASSIGN_OR_RETURN(const ConvView view,
                          ConvView::Of(op.node, op.opset, w->dims()));
    if (w->dims()[0] % view.group != 0) return definition;  // which refuses it
    const bool has_zero = !op.node.Input(op.w_zero).empty();
    const Tensor* const zero = ConstantAt(spec, op.w_zero);
    std::vector<int32_t> zeros;
    const bool known =
        !has_zero || (zero != nullptr && zero->dtype() == w->dtype() &&
                      (zero->size() == 1 || zero->size() == w->dims()[0]));
    for (int64_t i = 0; known && has_zero && i < zero->size(); ++i) {
      const std::byte byte = zero->bytes()[static_cast<size_t>(i)];
      zeros.push_back(w->dtype() == DType::kS8
                          ? int32_t{static_cast<int8_t>(byte)}
                          : int32_t{static_cast<uint8_t>(byte)});
    }
    const ConvShape shape = ConvWeightShape(view, w->dims());
    packed = PackOnce<PackedConv>(
        spec.packed, *w,
        absl::StrCat("int8.integer_conv.", CurrentInt8Layout().name(), ".",
                     shape.groups, ".", shape.dilation[2], ".", shape.stride[2],
                     ".", known ? absl::StrJoin(zeros, ",") : "?"),
        [&] {
          return std::make_shared<const PackedConv>(
              view, w->dims(),
              reinterpret_cast<const uint8_t*>(w->bytes().data()),
              w->dtype() == DType::kS8, known ? &zeros : nullptr);
        });
  }
  return std::make_unique<IntegerConv>(spec, std::move(packed),
                                       std::move(definition));
}

}  // namespace hone
