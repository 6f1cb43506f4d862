// Removes what no output of a graph depends on.
#ifndef HONE_IR_REWRITE_REMOVE_DEAD_H_
#define HONE_IR_REWRITE_REMOVE_DEAD_H_

#include "ir/graph/graph.h"

namespace hone {

// Removes nodes of which no output is read, by a live node, by a subgraph of
// one, or as a graph output; then initializers that nobody reads (those that
// are also graph inputs stay) and value_infos of values that are gone. ONNX
// operators have no side effects. Works on this graph alone, not inside
// subgraphs. Requires topological order. Returns the number of removed nodes.
int RemoveDeadNodes(Graph* graph);

}  // namespace hone

#endif  // HONE_IR_REWRITE_REMOVE_DEAD_H_
