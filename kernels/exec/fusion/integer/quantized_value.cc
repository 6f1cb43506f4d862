#include "kernels/exec/fusion/integer/quantized_value.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/types/span.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

bool IsByte(DType dtype) { return dtype == DType::kU8 || dtype == DType::kS8; }

int32_t ByteAt(const Tensor& tensor, size_t i) {
  const std::byte byte = tensor.bytes()[i];
  return tensor.dtype() == DType::kS8 ? int32_t{static_cast<int8_t>(byte)}
                                      : int32_t{static_cast<uint8_t>(byte)};
}

bool Usable(float scale) { return scale > 0 && std::isfinite(scale); }

// Scale and zero point of a Q or DQ whose integers have type `dtype`.
std::optional<QuantizedValue> Read(NodeTable& table, int at, DType dtype) {
  const Node& node = table.node(at);
  if (!IsByte(dtype) || node.IntAttribute("block_size", 0) != 0) {
    return std::nullopt;
  }
  QuantizedValue q;
  q.node = at;
  q.dtype = dtype;
  q.scale = std::string(node.Input(1));
  if (!table.ScalarConstant(q.scale, &q.scale_value) ||
      !Usable(q.scale_value)) {
    return std::nullopt;
  }
  q.zero = std::string(node.Input(2));
  if (q.zero.empty()) {
    q.zero = table.AddConstant(
        node.outputs[0], dtype == DType::kS8 ? Tensor::Scalar<int8_t>(0)
                                             : Tensor::Scalar<uint8_t>(0));
    return q;
  }
  const Tensor* const zero = table.Constant(q.zero);
  if (zero == nullptr || zero->dtype() != dtype || zero->size() != 1) {
    return std::nullopt;
  }
  q.zero_value = ByteAt(*zero, 0);
  return q;
}

}  // namespace

std::optional<QuantizedValue> DequantizedFrom(NodeTable& table,
                                              absl::string_view value) {
  const int at = table.Producer(value);
  if (at < 0 || !table.node(at).Is("DequantizeLinear") ||
      table.TypeOf(value).dtype != DType::kF32) {
    return std::nullopt;
  }
  const std::string integers(table.node(at).Input(0));
  std::optional<QuantizedValue> q =
      Read(table, at, table.TypeOf(integers).dtype);
  if (q.has_value()) q->value = integers;
  return q;
}

std::optional<QuantizedValue> QuantizedBy(NodeTable& table, int at) {
  const Node& node = table.node(at);
  if (!node.Is("QuantizeLinear") || node.Output(0).empty() ||
      table.TypeOf(node.Input(0)).dtype != DType::kF32) {
    return std::nullopt;
  }
  std::optional<QuantizedValue> q =
      Read(table, at, table.TypeOf(node.Output(0)).dtype);
  if (q.has_value()) q->value = node.outputs[0];
  return q;
}

std::optional<QuantizedWeights> WeightsFrom(const NodeTable& table,
                                            absl::string_view value,
                                            int64_t axis) {
  const int at = table.Producer(value);
  if (at < 0 || !table.node(at).Is("DequantizeLinear")) return std::nullopt;
  const Node& node = table.node(at);
  const Tensor* const w = table.Constant(node.Input(0));
  const Tensor* const scale = table.Constant(node.Input(1));
  if (w == nullptr || !IsByte(w->dtype()) || w->rank() <= axis ||
      scale == nullptr || scale->dtype() != DType::kF32 ||
      node.IntAttribute("block_size", 0) != 0) {
    return std::nullopt;
  }
  const int64_t columns = w->dims()[axis];
  const int64_t written = node.IntAttribute("axis", 1);
  const int64_t front = written < 0 ? written + w->rank() : written;
  if (scale->size() != 1 && (scale->size() != columns || front != axis)) {
    return std::nullopt;
  }
  QuantizedWeights weights;
  weights.node = at;
  weights.value = std::string(node.Input(0));
  weights.scale = std::string(node.Input(1));
  weights.zero = std::string(node.Input(2));
  const Tensor aligned = scale->Aligned();
  weights.scales.assign(aligned.Values<float>().begin(),
                        aligned.Values<float>().end());
  if (!std::all_of(weights.scales.begin(), weights.scales.end(), Usable)) {
    return std::nullopt;
  }
  const Tensor* const zero =
      weights.zero.empty() ? nullptr : table.Constant(weights.zero);
  if (!weights.zero.empty() &&
      (zero == nullptr || zero->dtype() != w->dtype() ||
       (zero->size() != 1 && zero->size() != columns))) {
    return std::nullopt;
  }
  // The difference must fit int8.
  int64_t inner = 1;
  for (int a = static_cast<int>(axis) + 1; a < w->rank(); ++a) {
    inner *= w->dims()[a];
  }
  for (int64_t i = 0; i < w->size(); ++i) {
    int32_t centered = ByteAt(*w, static_cast<size_t>(i));
    if (zero != nullptr) {
      centered -= ByteAt(*zero, zero->size() == 1
                                    ? 0
                                    : static_cast<size_t>(i / inner % columns));
    }
    if (centered < -128 || centered > 127) return std::nullopt;
  }
  return weights;
}

std::string BiasFrom(const NodeTable& table, absl::string_view value,
                     float x_scale, const std::vector<float>& w_scales,
                     int64_t columns) {
  const int at = table.Producer(value);
  if (at < 0 || !table.node(at).Is("DequantizeLinear")) return "";
  const Node& node = table.node(at);
  const Tensor* const bias = table.Constant(node.Input(0));
  const Tensor* const scale = table.Constant(node.Input(1));
  if (bias == nullptr || bias->dtype() != DType::kS32 ||
      bias->size() != columns || scale == nullptr ||
      scale->dtype() != DType::kF32 ||
      (scale->size() != 1 && scale->size() != columns)) {
    return "";
  }
  if (!node.Input(2).empty()) {
    const Tensor* const zero = table.Constant(node.Input(2));
    if (zero == nullptr ||
        std::any_of(zero->bytes().begin(), zero->bytes().end(),
                    [](std::byte b) { return b != std::byte{0}; })) {
      return "";
    }
  }
  const Tensor aligned = scale->Aligned();
  const absl::Span<const float> scales = aligned.Values<float>();
  for (int64_t c = 0; c < columns; ++c) {
    const float expected =
        x_scale * w_scales[w_scales.size() == 1 ? 0 : static_cast<size_t>(c)];
    if (scales[scales.size() == 1 ? 0 : static_cast<size_t>(c)] != expected) {
      return "";
    }
  }
  return std::string(node.Input(0));
}

}  // namespace hone
