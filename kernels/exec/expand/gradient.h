// ai.onnx.preview.training.Gradient, which names a part of the graph by its
// values and asks for its derivatives: becomes the nodes that compute them.
#ifndef HONE_KERNELS_EXEC_EXPAND_GRADIENT_H_
#define HONE_KERNELS_EXEC_EXPAND_GRADIENT_H_

#include "absl/status/status.h"
#include "ir/graph/graph.h"

namespace hone {

bool IsGradient(const Node& node);

// Replaces every Gradient node of the main graph (ir/autodiff), those of
// gradients included. A model of an older opset is raised to the one that the
// gradients need; the others stay as they are. Where the node's inputs are not
// the values that it names, the part is computed again at them. Leaves the
// nodes in topological order.
// InvalidArgument: as many inputs as xs and zs, or a value is missing.
// Unimplemented: see AppendGradients.
absl::Status ExpandGradients(Model& model);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_EXPAND_GRADIENT_H_
