// Which float values of a graph are integers with a scale.
#ifndef HONE_KERNELS_EXEC_FUSION_INTEGER_QUANTIZED_VALUE_H_
#define HONE_KERNELS_EXEC_FUSION_INTEGER_QUANTIZED_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {

// A uint8 or int8 value with one scale and one zero point.
struct QuantizedValue {
  std::string value;  // the integers
  std::string scale;  // constants' names
  std::string zero;
  float scale_value = 1;
  int32_t zero_value = 0;
  DType dtype = DType::kUndefined;
  int node = -1;  // the DequantizeLinear or QuantizeLinear

  int32_t low() const { return dtype == DType::kS8 ? -128 : 0; }
  int32_t high() const { return dtype == DType::kS8 ? 127 : 255; }
  bool SameNumbers(const QuantizedValue& other) const {
    return dtype == other.dtype && scale_value == other.scale_value &&
           zero_value == other.zero_value;
  }
};

// What DequantizeLinear makes the float value `value` of; nullopt when nothing
// or something else makes it. A zero point that was left out gets a constant.
std::optional<QuantizedValue> DequantizedFrom(NodeTable& table,
                                              absl::string_view value);

// What the QuantizeLinear at `at` makes.
std::optional<QuantizedValue> QuantizedBy(NodeTable& table, int at);

// `value` as constant integers with scales along `axis` (or one scale), int8 or
// uint8 for weights. Names only; contents are checked by the kernel's factory,
// but for what decides whether the node can be fused.
struct QuantizedWeights {
  std::string value;
  std::string scale;
  std::string zero;  // "" when left out
  std::vector<float> scales;
  int node = -1;
};
std::optional<QuantizedWeights> WeightsFrom(const NodeTable& table,
                                            absl::string_view value,
                                            int64_t axis);

// The int32 constant of which `value` is the dequantized form with scales
// float(x_scale * w_scales[c]), all of `columns`; "" when it is something else.
std::string BiasFrom(const NodeTable& table, absl::string_view value,
                     float x_scale, const std::vector<float>& w_scales,
                     int64_t columns);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_INTEGER_QUANTIZED_VALUE_H_
