// HardSigmoid and HardSwish in operators that ONNX Runtime has as integers.
//
//   HardSigmoid(x) = Clip(alpha x + beta, 0, 1)
//                  = alpha * Clip(x + beta / alpha, 0, 1 / alpha)
//   HardSwish(x)   = x * Clip(x + 3, 0, 6) / 6
//
// The Clip's quantized result already is the gate: the factor (alpha, 1/6) goes
// into the scale that its reader dequantizes with, and costs nothing.
#ifndef HONE_ALGORITHMS_QUANTIZATION_HARD_GATE_H_
#define HONE_ALGORITHMS_QUANTIZATION_HARD_GATE_H_

#include <string>
#include <vector>

#include "algorithms/quantization/node_maker.h"
#include "algorithms/quantization/ranges.h"
#include "ir/graph/graph.h"

namespace hone {

// Whether the node is a HardSigmoid with alpha > 0 and beta > 0.
bool IsHardGate(const Node& node);

// Quantized HardSigmoid `node` of the dequantized value `x`. Returns the name
// of the integers, to be read with `params` (zero point 0).
std::string AppendHardSigmoid(const Node& node, const std::string& x,
                              const ActivationParams& params, NodeMaker* make,
                              std::vector<Node>* out);

// Quantized HardSwish of a value dequantized twice, as x and x_again; `y` names
// its output. Returns the name of the integers, to be read with `params`.
std::string AppendHardSwish(const std::string& y, const std::string& x,
                            const std::string& x_again,
                            const ActivationParams& params, NodeMaker* make,
                            std::vector<Node>* out);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_HARD_GATE_H_
