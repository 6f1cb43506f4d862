// Names that a graph does not have yet.
//
//   NameAllocator names(graph);
//   names.Fresh("scale");   // "scale", then "scale_1", "scale_2", ...
#ifndef HONE_IR_REWRITE_NAME_ALLOCATOR_H_
#define HONE_IR_REWRITE_NAME_ALLOCATOR_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"

namespace hone {

class NameAllocator {
 public:
  // Takes the names of values and nodes, those of subgraphs included. O(graph).
  explicit NameAllocator(const Graph& graph);

  // O(1) amortised, for equal stems too. The name is taken from then on.
  std::string Fresh(absl::string_view stem);
  // Takes a name that was given elsewhere; false when it was taken already.
  bool Take(absl::string_view name);

 private:
  absl::flat_hash_set<std::string> taken_;
  absl::flat_hash_map<std::string, int64_t> next_;  // by stem
};

}  // namespace hone

#endif  // HONE_IR_REWRITE_NAME_ALLOCATOR_H_
