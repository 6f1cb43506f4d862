// Named OpTraits for the tables.
#ifndef HONE_IR_OPS_TRAITS_H_
#define HONE_IR_OPS_TRAITS_H_

#include "ir/ops/op_info.h"

namespace hone {

constexpr OpTraits Weighted(int weight, int bias, int channel_axis) {
  OpTraits traits;
  traits.weight_input = weight;
  traits.bias_input = bias;
  traits.weight_channel_axis = channel_axis;
  traits.quantizable_inputs = true;
  return traits;
}

constexpr OpTraits Elementwise() {
  OpTraits traits;
  traits.elementwise = true;
  traits.layout_agnostic = true;
  return traits;
}

constexpr OpTraits QuantizableElementwise() {
  OpTraits traits = Elementwise();
  traits.quantizable_inputs = true;
  return traits;
}

constexpr OpTraits AgnosticElementwise() {
  OpTraits traits = Elementwise();
  traits.quantization_agnostic = true;
  return traits;
}

constexpr OpTraits Quantizable() {
  OpTraits traits;
  traits.quantizable_inputs = true;
  return traits;
}

constexpr OpTraits Agnostic() {
  OpTraits traits;
  traits.quantization_agnostic = true;
  return traits;
}

// Concat: agnostic of values, but every input must come with one scale.
constexpr OpTraits UnifiedAgnostic() {
  OpTraits traits = Agnostic();
  traits.unified_scales = true;
  return traits;
}

}  // namespace hone

#endif  // HONE_IR_OPS_TRAITS_H_
