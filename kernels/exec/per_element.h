// Operators that run a subgraph for each element of a sequence or sample of a
// batch: SequenceMap, Scan of opset 8, and FlexAttention's changes of scores.
#ifndef HONE_KERNELS_EXEC_PER_ELEMENT_H_
#define HONE_KERNELS_EXEC_PER_ELEMENT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/subgraph.h"

namespace hone {

// SequenceMap and FlexAttention; Scan is one only before opset 9.
bool RunsPerElement(const Node& node);

// Errors as MakeControlFlow's (control_flow.h).
absl::StatusOr<std::unique_ptr<Kernel>> MakePerElement(
    const Model& model, const Node& node, const std::vector<OuterValue>& outer,
    const CompileOptions& options);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_PER_ELEMENT_H_
