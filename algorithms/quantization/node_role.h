// What a node can become in a quantized graph, looked at alone.
#ifndef HONE_ALGORITHMS_QUANTIZATION_NODE_ROLE_H_
#define HONE_ALGORITHMS_QUANTIZATION_NODE_ROLE_H_

#include <string>
#include <vector>

#include "algorithms/quantization/post_training_options.h"
#include "ir/graph/graph.h"

namespace hone {

enum class Role {
  kFloat,        // computes in float32
  kWeighted,     // Conv, MatMul, ... with a constant weight: integers inside
  kElementwise,  // integers in and out (Add, Mul, Sigmoid, ...)
  kConcat,       // integers in and out
  kCarrier,      // moves values: its output keeps its input's scale
  kIgnorable,    // shapes, constants: nothing to quantize
};

struct NodeRole {
  Role role = Role::kFloat;
  std::string why;          // for kFloat
  std::vector<int> inputs;  // the activation inputs that may be quantized
};

// By the tables of operators that pay in the runtime. ConvTranspose, Resize,
// ... stay float where integers were measured to be slower; the text says so.
NodeRole RoleOf(const Model& model, const GraphIndex& index, const Node& node,
                TargetRuntime runtime);

// Relu, or Clip from 0: in a quantized graph its zero point 0 does its work.
bool IsClampFromZero(const Model& model, const GraphIndex& index,
                     const Node& node);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_NODE_ROLE_H_
