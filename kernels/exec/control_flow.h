// If, Loop, Scan and the operators of per_element.h: kernels that run plans of
// their subgraphs.
#ifndef HONE_KERNELS_EXEC_CONTROL_FLOW_H_
#define HONE_KERNELS_EXEC_CONTROL_FLOW_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/type/type.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/subgraph.h"

namespace hone {

bool IsControlFlow(const Node& node);

// The kernel's inputs are the node's, then `outer` in order. Subgraphs are
// compiled with the main graph's options, taps left out. `input_types`: of the
// node's inputs. InvalidArgument: a subgraph is missing or malformed.
// Unimplemented: an operator inside.
absl::StatusOr<std::unique_ptr<Kernel>> MakeControlFlow(
    const Model& model, const Node& node, std::vector<Type> input_types,
    std::vector<OuterValue> outer, const CompileOptions& options);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONTROL_FLOW_H_
