// Joins what inference found with what a model declares.
#ifndef HONE_IR_SHAPE_INFERENCE_MERGE_H_
#define HONE_IR_SHAPE_INFERENCE_MERGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/type/type.h"

namespace hone {

// The types that a graph's value_infos and outputs declare, made fit for input
// types that replace the declared ones: symbols that these settle become
// numbers, and when one contradicts a declared number, no declared extent is
// trusted any more, only ranks.
class DeclaredTypes {
 public:
  DeclaredTypes() = default;
  DeclaredTypes(const Graph& graph,
                const absl::flat_hash_map<std::string, Type>& input_types);

  // Those of a subgraph, its inputs included; what is settled for the outermost
  // graph's symbols and numbers holds inside too.
  DeclaredTypes Inside(const Graph& subgraph) const;

  // Fills what is open in *inferred: kind, dtype, rank, extents. What inference
  // knows stays, but a declared number beats an inferred symbol.
  void FillIn(absl::string_view value, Type* inferred) const;

 private:
  void Add(const std::vector<ValueInfo>& infos);

  absl::flat_hash_map<absl::string_view, const Type*> types_;
  absl::flat_hash_map<std::string, int64_t> symbols_;
  bool extents_hold_ = true;
};

}  // namespace hone

#endif  // HONE_IR_SHAPE_INFERENCE_MERGE_H_
