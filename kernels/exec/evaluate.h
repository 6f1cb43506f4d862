// One node computed on its own: constant folding, and tests of single nodes.
#ifndef HONE_KERNELS_EXEC_EVALUATE_H_
#define HONE_KERNELS_EXEC_EVALUATE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// True for operators whose output is their first input under other extents, or
// unchanged: Reshape, Flatten, Squeeze, Unsqueeze, Identity, Dropout without
// training. A Plan renames the buffer instead of running a kernel.
bool RenamesItsInput(const Node& node);

// The node's outputs from dense tensors (undefined: absent). Unimplemented: no
// kernel. InvalidArgument: the inputs contradict the operator.
// ResourceExhausted: an output of more than `most_bytes`.
absl::StatusOr<std::vector<Value>> EvaluateNode(const Node& node, int64_t opset,
                                                absl::Span<const Tensor> inputs,
                                                size_t most_bytes,
                                                ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_EVALUATE_H_
