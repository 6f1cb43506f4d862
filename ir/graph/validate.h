// Whether a model hangs together: what concerns more than one of its parts.
//
//   HONE_ASSIGN_OR_RETURN(Model model, ReadModel(path));
//   HONE_RETURN_IF_ERROR(SortTopologically(&model));
//   HONE_RETURN_IF_ERROR(Validate(model));
//
// After Validate, in every graph, subgraph and function:
// - each value has one name and one maker: an input or initializer (a value may
//   be both: an input with a default), or one output of one node;
// - whatever a node or a graph output reads has been made before, in this graph
//   or in one around it;
// - attribute names are unique in a node, and a reference to a function's
//   attribute stands in a function that declares it;
// - nodes of ONNX's default domain have an operator set imported;
// - functions are unique, do not call themselves, and are called with at most
//   as many inputs and outputs as they have.
// Operators themselves are not looked at: an unknown one is fine.
#ifndef HONE_IR_GRAPH_VALIDATE_H_
#define HONE_IR_GRAPH_VALIDATE_H_

#include "absl/status/status.h"
#include "ir/graph/graph.h"

namespace hone {

// InvalidArgument, naming the node or value, what was expected and found. A
// value that a sparse initializer may hold is taken as made: the IR does not
// look into those. Nodes out of order are told apart from a cycle; see
// SortTopologically.
absl::Status Validate(const Model& model);

}  // namespace hone

#endif  // HONE_IR_GRAPH_VALIDATE_H_
