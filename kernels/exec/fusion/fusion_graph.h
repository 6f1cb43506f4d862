// A model on its way into a plan, as fusions edit it.
#ifndef HONE_KERNELS_EXEC_FUSION_FUSION_GRAPH_H_
#define HONE_KERNELS_EXEC_FUSION_FUSION_GRAPH_H_

#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/shape_inference/shape_inference.h"

namespace hone {

// Of operators that only a plan has; never written to a file.
constexpr absl::string_view kInternalDomain = "hone.internal";

struct FusionGraph {
  Model* model = nullptr;
  // Of the unfused graph, and of values that a fusion adds.
  InferredTypes* types = nullptr;
  std::set<std::string> kept;  // outputs and taps: must stay values
  // Of these, those that are no outputs; and of those, which may be seen in any
  // order.
  std::set<std::string> taps;
  std::set<std::string> unordered_taps;
  // The values to tap instead, where a fusion has one with the same elements.
  absl::flat_hash_map<std::string, std::string> tapped_as;
  // By the first output of a fused node: the nodes that it computes, in order.
  absl::flat_hash_map<std::string, std::vector<Node>> originals;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_FUSION_GRAPH_H_
