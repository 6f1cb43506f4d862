// The weighted layers of a quantized graph, and how their biases are moved.
//
// A layer is a Conv, Gemm or MatMul whose two factors are DequantizeLinear
// outputs, the weight's from a constant. Its bias is the third input, or the
// constant of the one Add that reads a MatMul; as float32, or as int32 behind a
// DequantizeLinear.
#ifndef HONE_ALGORITHMS_BIAS_CORRECTION_QUANTIZED_LAYER_H_
#define HONE_ALGORITHMS_BIAS_CORRECTION_QUANTIZED_LAYER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/contract/patch.h"
#include "ir/graph/graph.h"

namespace hone {

struct QuantizedLayer {
  int node = -1;       // index into graph.nodes
  std::string output;  // the node's result, before an Add of the bias
  int input_dequantize = -1;
  int weight_dequantize = -1;
  int bias_node = -1;      // of the bias: the node itself, or the Add
  int bias_input = -1;     // which input of bias_node; -1: there is none
  bool last_axis = false;  // channels are the output's last axis, not axis 1
  int64_t channels = 0;
};

// In the graph's order.
std::vector<QuantizedLayer> FindQuantizedLayers(const Graph& graph);

// Adds `shift` (one element a channel) to the layer's bias. An int32 bias takes
// the nearest levels of its scale, input scale * weight scale; so does a new
// one when `integer_bias`, else it is float32. FailedPrecondition: a bias that
// is no constant of one element a channel, or a shift past int32.
absl::StatusOr<Patch> ShiftBias(const Graph& graph, const QuantizedLayer& layer,
                                absl::Span<const float> shift,
                                bool integer_bias);

}  // namespace hone

#endif  // HONE_ALGORITHMS_BIAS_CORRECTION_QUANTIZED_LAYER_H_
