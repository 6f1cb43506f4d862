// The nodes of a graph while a fusion edits them: who makes and who reads each
// value stays right from one edit to the next.
#ifndef HONE_KERNELS_EXEC_FUSION_NODE_TABLE_H_
#define HONE_KERNELS_EXEC_FUSION_NODE_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

class NodeTable {
 public:
  // Takes graph's nodes until Finish.
  explicit NodeTable(FusionGraph& graph);

  int size() const { return static_cast<int>(nodes_.size()); }
  // A removed node has an empty op_type.
  const Node& node(int index) const { return nodes_[index]; }

  // -1: a constant, an input, or nothing makes it.
  int Producer(absl::string_view value) const;
  // Reading nodes, those that read it in a subgraph included; one entry a read.
  const std::vector<int>& Readers(absl::string_view value) const;
  // `reader` alone reads the value, once, and it need not stay a value.
  bool ReadOnlyBy(absl::string_view value, int reader) const;
  bool Kept(absl::string_view value) const;
  // Not kept, and read by no subgraph, whose text is not edited here.
  bool CanRename(absl::string_view value) const;
  // Null when it is no constant.
  const Tensor* Constant(absl::string_view value) const;
  // The number that a one-element float32 constant holds.
  bool ScalarConstant(absl::string_view value, float* number) const;
  const Type& TypeOf(absl::string_view value) const;
  int64_t Opset() const;

  // A new constant; its name.
  std::string AddConstant(absl::string_view stem, Tensor tensor);

  // Puts `fused` in the place of node `at`, whose outputs it keeps, and removes
  // `absorbed`, the other nodes that it computes, given in order.
  void Replace(int at, Node fused, const std::vector<int>& absorbed);

  // Removes the node and lets those that read `value` read `other` instead.
  // Requires CanRename(value).
  void Bypass(int index, std::string value, std::string other);

  // Gives the nodes back to the graph.
  void Finish();

 private:
  void Link(int index);
  void Unlink(int index);
  std::vector<Node> OriginalsOf(const Node& node) const;

  FusionGraph& graph_;
  std::vector<Node> nodes_;
  absl::flat_hash_map<std::string, int> producers_;
  absl::flat_hash_map<std::string, std::vector<int>> readers_;
  absl::flat_hash_map<std::string, Tensor> constants_;
  int fresh_ = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_NODE_TABLE_H_
