// Topological order of nodes.
#ifndef HONE_IR_GRAPH_SORT_H_
#define HONE_IR_GRAPH_SORT_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

// Indices of `nodes` such that each comes after those that make what it, or a
// subgraph of it, reads. Of several such orders the one nearest to the given:
// nodes already in order keep their places. Values that no node makes are
// ignored. O((nodes + reads) log nodes). InvalidArgument: a cycle; the error
// names a node on it.
absl::StatusOr<std::vector<int>> TopologicalOrder(
    const std::vector<Node>& nodes);

// Brings the nodes of every graph, subgraph and function of the model into
// topological order. ONNX asks that of files, but some exporters do not care.
// InvalidArgument: a cycle; the model is then partly sorted.
absl::Status SortTopologically(Model* model);

}  // namespace hone

#endif  // HONE_IR_GRAPH_SORT_H_
