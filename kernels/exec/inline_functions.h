// Calls of a model's functions become the functions' nodes.
#ifndef HONE_KERNELS_EXEC_INLINE_FUNCTIONS_H_
#define HONE_KERNELS_EXEC_INLINE_FUNCTIONS_H_

#include "absl/status/status.h"
#include "ir/graph/graph.h"

namespace hone {

// Replaces every call, those inside subgraphs and other functions too, and
// leaves model.functions empty. Values inside a function get names that nothing
// else has. InvalidArgument: functions that call each other in a circle.
// Unimplemented: a function written for another opset of a domain that the
// model imports.
absl::Status InlineFunctions(Model& model);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_INLINE_FUNCTIONS_H_
