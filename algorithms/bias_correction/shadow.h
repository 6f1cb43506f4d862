// The float graph with a shadow of every quantized layer beside it: the layer
// with its quantized weights, on its float input quantized.
//
// For a layer y = f(x) the shadow adds x -> QuantizeLinear -> DequantizeLinear
// -> f_q, and what is measured: error = y - f_q(x), error^2 and y^2. Earlier
// layers' errors are not in it, since x is the float graph's.
#ifndef HONE_ALGORITHMS_BIAS_CORRECTION_SHADOW_H_
#define HONE_ALGORITHMS_BIAS_CORRECTION_SHADOW_H_

#include <string>
#include <vector>

#include "algorithms/bias_correction/quantized_layer.h"
#include "ir/graph/graph.h"

namespace hone {

struct ShadowLayer {
  QuantizedLayer layer;       // in the quantized graph
  int float_node = -1;        // the same node in the float graph
  std::string error;          // values of the shadow model; "" where the
  std::string error_squared;  // float graph lacks the layer's output
  std::string output_squared;
};

struct ShadowModel {
  Model model;
  std::vector<ShadowLayer> layers;  // one per quantized layer, in order
};

// `quantized` was made from `reference`: values kept their names.
ShadowModel MakeShadow(const Model& reference, const Model& quantized);

}  // namespace hone

#endif  // HONE_ALGORITHMS_BIAS_CORRECTION_SHADOW_H_
