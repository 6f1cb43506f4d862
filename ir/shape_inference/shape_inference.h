// Types and extents of every value of a graph, symbolic where the model's are.
//
//   HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(model, {}));
//   const Type& y = types.TypeOf("y");
//
// Nodes are visited once, in order; integer tensors that come from shapes are
// computed (Shape, Gather, Concat, ... of at most 64 elements), so that Reshape
// and Resize know their targets. What a table does not know is kUnknown, never
// an error. Declared types (value_info, outputs) fill what inference leaves
// open.
#ifndef HONE_IR_SHAPE_INFERENCE_SHAPE_INFERENCE_H_
#define HONE_IR_SHAPE_INFERENCE_SHAPE_INFERENCE_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/ops/partial_tensor.h"
#include "ir/type/type.h"

namespace hone {

struct InferOptions {
  // Types that replace the declared ones of graph inputs (concrete extents of
  // one run).
  absl::flat_hash_map<std::string, Type> input_types;
  // Contents of graph inputs, for those whose values decide extents.
  absl::flat_hash_map<std::string, Tensor> input_contents;
  // For rewrites of the graph: every extent of the main graph's values that
  // stays unknown gets a symbol of its own, which begins with kInventedSymbol,
  // so that values that share it are seen to; an initializer that is a graph
  // input, which a caller may replace, has no contents; partials are returned.
  bool for_rewriting = false;
};

// No file has such a symbol.
inline constexpr char kInventedSymbol[] = "\x01";

struct InferredTypes {
  // kUnknown for a name that nothing is known of.
  const Type& TypeOf(absl::string_view value) const;

  // Of subgraphs' values too, where one name means one type everywhere.
  absl::flat_hash_map<std::string, Type> types;
  absl::flat_hash_map<std::string, Tensor> contents;  // known small integers
  // Of the main graph, with InferOptions::for_rewriting: small tensors of which
  // something is known, constants left out.
  absl::flat_hash_map<std::string, PartialTensor> partials;
};

// InvalidArgument: a node contradicts its operator's definition; names node,
// expected, found. Inside a subgraph, which may never run for these inputs,
// only a wrong number of inputs or outputs is an error.
absl::StatusOr<InferredTypes> InferShapes(const Model& model,
                                          const InferOptions& options);

}  // namespace hone

#endif  // HONE_IR_SHAPE_INFERENCE_SHAPE_INFERENCE_H_
