// A name by content for every value of a graph: the hash of the subgraph that
// produces it.
//
// Two values have the same hash when they are computed by the same operators
// (type, domain, opset, attributes) from the same constants and from graph
// inputs of the same name. Names of nodes and of inner values do not count, and
// a Constant node equals an initializer.
#ifndef HONE_ALGORITHMS_STATISTICS_VALUE_HASH_H_
#define HONE_ALGORITHMS_STATISTICS_VALUE_HASH_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "ir/graph/graph.h"

namespace hone {

// 32 hexadecimal digits (XXH3-128) by value name, for every value of the main
// graph. Requires nodes in topological order; O(bytes of weights).
absl::flat_hash_map<std::string, std::string> HashValues(const Model& model);

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_VALUE_HASH_H_
