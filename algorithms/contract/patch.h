// A change of a graph: nodes and weights that take the place of others.
//
//   Patch patch;
//   patch.Replace(3, {conv, quantize});   // node 3 becomes two nodes
//   patch.SetInitializer("w_q", weights);
//   HONE_RETURN_IF_ERROR(ApplyPatch(patch, &model));
#ifndef HONE_ALGORITHMS_CONTRACT_PATCH_H_
#define HONE_ALGORITHMS_CONTRACT_PATCH_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"
#include "ir/tensor/tensor.h"

namespace hone {

struct Patch {
  // Node `index` of the graph becomes `nodes`, in its place; none removes it.
  void Replace(int index, std::vector<Node> nodes);
  void SetInitializer(absl::string_view name, Tensor tensor);

  std::vector<Node> prologue;  // stand before all others
  std::map<int, std::vector<Node>> replacements;
  std::map<std::string, Tensor> initializers;  // set or added
  Report rows;
};

// InvalidArgument: a node index is outside the graph. Then the model is
// unchanged. Afterwards initializers and Constant nodes that nothing reads any
// more are gone, if the patch took their last reader.
absl::Status ApplyPatch(const Patch& patch, Model* model);

// Removes the initializers and Constant nodes that something read in `before`
// and nothing reads in `graph`.
void DropUnreadConstants(const Graph& before, Graph* graph);

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONTRACT_PATCH_H_
