// Nodes whose inputs are all constants become constants.
#ifndef HONE_KERNELS_EXEC_CONSTANT_FOLDING_H_
#define HONE_KERNELS_EXEC_CONSTANT_FOLDING_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
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

// The same for a model that will be written.
struct FoldOptions {
  // Makers of these values stay (graph outputs).
  std::set<std::string> kept;
  // Initializers that a caller may replace are no constants.
  std::set<std::string> variable;
  bool keep_integers = true;
  // An output of more bytes than this must not be larger than `growth` times
  // its inputs.
  size_t small_bytes = size_t{1} << 20;
  size_t growth = 9;
  // Constants of the graphs around; may be empty.
  std::function<const Tensor*(absl::string_view)> outer;
  // Called for every node that went away; may be empty.
  std::function<void(const Node&)> folded;
};

// Of `graph`, which is the model's or a subgraph (not looked into are its own
// subgraphs).
void FoldConstants(const Model& model, const InferredTypes& types,
                   const FoldOptions& options, ThreadPool& pool, Graph* graph);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONSTANT_FOLDING_H_
