// Nodes whose inputs are all constants become constants.
#ifndef HONE_KERNELS_EXEC_CONSTANT_FOLDING_H_
#define HONE_KERNELS_EXEC_CONSTANT_FOLDING_H_

#include <set>
#include <string>

#include "ir/graph/graph.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// Runs every node whose inputs are constants, once, and puts its outputs among
// the initializers; so do values whose contents `types` knows (Shape of a
// static input). Constant nodes become initializers too. Left alone: random
// operators, nodes with subgraphs, nodes without a kernel, nodes that fail
// (they fail again, with a message, when the plan is made), outputs that are
// much larger than their inputs, nodes that make a value of `kept`, and with
// `keep_integers` DequantizeLinear.
void FoldConstants(Model& model, const InferredTypes& types,
                   const std::set<std::string>& kept, bool keep_integers,
                   ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONSTANT_FOLDING_H_
