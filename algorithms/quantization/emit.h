// Writes a Placement into the graph: QuantizeLinear after every quantized
// value, a DequantizeLinear for every reader, integer constants.
//
// Forms, by options.runtime (what each runtime turns into integer kernels):
//   onnxruntime  uint8 activations; int8 weights -> DequantizeLinear; int32
//   bias
//                of scale input_scale * weight_scale; HardSwish as
//                x * Clip(x + 3, 0, 6) with the division in the last scale
//   openvino     uint8 activations, int8 weights, float bias
//   tensorrt     int8 activations with zero point 0, int8 weights, float bias
#ifndef HONE_ALGORITHMS_QUANTIZATION_EMIT_H_
#define HONE_ALGORITHMS_QUANTIZATION_EMIT_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "algorithms/contract/patch.h"
#include "algorithms/quantization/placement.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/quantization/ranges.h"
#include "ir/graph/graph.h"
#include "kernels/exec/device.h"

namespace hone {

// `params`: by value, for every value of the placement. `per_channel`: whether
// weights may have a scale per channel (opset 13). Rows: one per node of the
// graph, in its order. Weights are rounded by `device`, whose errors come back.
absl::StatusOr<Patch> EmitQuantized(
    const Model& model, const Placement& placement,
    const std::map<std::string, ActivationParams>& params,
    const PostTrainingOptions& options, bool per_channel, Device& device);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_EMIT_H_
