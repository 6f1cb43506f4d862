// Rewrites a model to a newer version of ONNX's default operator set.
//
//   HONE_ASSIGN_OR_RETURN(const Model raised, RaiseOpset(model, 13));
//
// Quantization needs 13 (per-channel scales), blocks and 4-bit integers
// need 21. Each node keeps its meaning: parameters that became inputs become
// initializers, Upsample becomes Resize, Softmax before 13 (along all later
// axes at once) gets its Flatten. Subgraphs are rewritten too; model-local
// functions import versions of their own and are left alone.
#ifndef HONE_IR_RAISE_OPSET_RAISE_OPSET_H_
#define HONE_IR_RAISE_OPSET_RAISE_OPSET_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

// The newest target.
inline constexpr int64_t kNewestRaisedOpset = 21;

// The model itself when it already imports `target` or a newer version.
// InvalidArgument: target above kNewestRaisedOpset. Unimplemented: a node whose
// older meaning no newer operator has (names the node), or an opset below 7.
absl::StatusOr<Model> RaiseOpset(const Model& model, int64_t target);

}  // namespace hone

#endif  // HONE_IR_RAISE_OPSET_RAISE_OPSET_H_
