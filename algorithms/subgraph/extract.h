// A part of a model as a model of its own.
//
//   HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(model, {}));
//   HONE_ASSIGN_OR_RETURN(Model tail,
//                         ExtractSubgraph(model, types, {"conv3"},
//                         {"logits"}));
#ifndef HONE_ALGORITHMS_SUBGRAPH_EXTRACT_H_
#define HONE_ALGORITHMS_SUBGRAPH_EXTRACT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/shape_inference/shape_inference.h"

namespace hone {

// The nodes and constants of the main graph that compute `outputs` from
// `inputs`, with these as the graph's inputs (all of them, read or not) and
// outputs, in this order. Types are those of `types`; one that it does not know
// stays open. Weights are shared. Requires topological order. InvalidArgument:
// an output that is no value of the model, or that needs a graph input which is
// not among `inputs`.
absl::StatusOr<Model> ExtractSubgraph(const Model& model,
                                      const InferredTypes& types,
                                      absl::Span<const std::string> inputs,
                                      absl::Span<const std::string> outputs);

}  // namespace hone

#endif  // HONE_ALGORITHMS_SUBGRAPH_EXTRACT_H_
