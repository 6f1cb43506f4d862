// Topological cuts: a graph as a row of segments, each with the values that
// cross into it and out of it.
#ifndef HONE_ALGORITHMS_SUBGRAPH_SEGMENTS_H_
#define HONE_ALGORITHMS_SUBGRAPH_SEGMENTS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "algorithms/contract/contract.h"
#include "ir/graph/graph.h"

namespace hone {

// Where every value of the main graph that depends on a graph input lives.
// Constants, and what is computed from constants alone, are not among them.
struct Lifetime {
  int made = -1;  // index of the node that makes it; -1: a graph input
  int last = -1;  // index of the last node that reads it; the number of nodes
                  // for a graph output
};

// Requires topological order.
absl::flat_hash_map<std::string, Lifetime> Lifetimes(const Graph& graph);

// One segment that ends after each of `last_nodes` (ascending indices); the
// nodes after the last of them are in no segment. A segment's inputs and
// outputs are in order of name.
std::vector<Segment> CutAfter(const Graph& graph,
                              absl::Span<const int> last_nodes);

}  // namespace hone

#endif  // HONE_ALGORITHMS_SUBGRAPH_SEGMENTS_H_
