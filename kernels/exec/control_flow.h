// If, Loop and Scan: kernels that run plans of their subgraphs.
#ifndef HONE_KERNELS_EXEC_CONTROL_FLOW_H_
#define HONE_KERNELS_EXEC_CONTROL_FLOW_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"

namespace hone {

// A value of an outer scope that a subgraph reads.
struct OuterValue {
  std::string name;
  Type type;
  Tensor constant;  // defined when it is one
};

bool IsControlFlow(const Node& node);

// The kernel's inputs are the node's, then `outer` in order. Subgraphs are
// compiled with the main graph's options, taps left out. `input_types`: of the
// node's inputs. InvalidArgument: a subgraph is missing or malformed.
// Unimplemented: an operator inside, or Scan before opset 9.
absl::StatusOr<std::unique_ptr<Kernel>> MakeControlFlow(
    const Model& model, const Node& node, std::vector<Type> input_types,
    std::vector<OuterValue> outer, const CompileOptions& options);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONTROL_FLOW_H_
