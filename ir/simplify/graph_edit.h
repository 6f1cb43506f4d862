// One graph (of a model, or of an If, Loop or Scan) while passes change it.
//
//   GraphEdit edit(surroundings, &graph);
//   for (int i = 0; i < edit.size(); ++i) {
//     if (!edit.Alive(i) || !edit.node(i).Is("Identity")) continue;
//     edit.Skip(i, edit.node(i).inputs[0], "removed", "y = x");
//   }
//   edit.Finish();
//
// A name keeps meaning the same value throughout, so that what was inferred of
// it before stays true. Graph inputs and outputs keep their names. Nodes are
// looked at by a number that stays theirs until Finish; new ones get numbers at
// the end. Readers inside subgraphs count as reads of the node that has the
// subgraph.
#ifndef HONE_IR_SIMPLIFY_GRAPH_EDIT_H_
#define HONE_IR_SIMPLIFY_GRAPH_EDIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

class GraphEdit {
 public:
  // All must outlive the edit.
  struct Surroundings {
    const Model* model = nullptr;  // its opsets
    const InferredTypes* types = nullptr;
    NameAllocator* names = nullptr;    // of the whole model
    const GraphEdit* outer = nullptr;  // the graph around; null: the main graph
    Report* rows = nullptr;            // one a rewrite
  };

  GraphEdit(const Surroundings& surroundings, Graph* graph);

  // ---- What is there ----
  int size() const { return static_cast<int>(nodes_.size()); }
  bool Alive(int i) const { return alive_[static_cast<size_t>(i)]; }
  const Node& node(int i) const { return nodes_[static_cast<size_t>(i)]; }
  int64_t Opset() const { return surroundings_.model->Opset(); }
  int64_t OpsetOf(const Node& node) const;
  const Model& model() const { return *surroundings_.model; }
  const Graph& graph() const { return *graph_; }  // nodes are in the edit
  bool IsMain() const { return surroundings_.outer == nullptr; }

  // Whether `inner` gives a name that is taken here, or around, another
  // meaning; ONNX forbids that.
  bool Hides(const Graph& inner) const;
  int Producer(absl::string_view value) const;  // -1: no node of this graph
  // The producer if it is of that type of ONNX's domain, else -1.
  int Producer(absl::string_view value, absl::string_view op_type) const;
  const std::vector<int>& Readers(absl::string_view value) const;
  // One node reads it, and it is no graph output.
  bool OnlyReader(absl::string_view value) const;
  bool IsOutput(absl::string_view value) const;
  // A constant of this graph or one around it, that no caller can replace.
  const Tensor* Constant(absl::string_view value) const;
  // One a node input; null where it is not constant.
  std::vector<const Tensor*> Constants(const Node& node) const;
  const Type& TypeOf(absl::string_view value) const;
  // Null: unknown rank, or no tensor.
  const Shape* ShapeOf(absl::string_view value) const;
  DType DTypeOf(absl::string_view value) const;  // kUndefined: not known
  std::optional<Dims> DimsOf(absl::string_view value) const;  // all known
  // Small integers that were computed from extents; null: nothing is known.
  const PartialTensor* PartialOf(absl::string_view value) const;

  // ---- Changes; all of them leave a row, and take out what only the changed
  // nodes needed ----
  void BeginPass(absl::string_view pass) { pass_ = std::string(pass); }
  const std::string& pass() const { return pass_; }

  // Takes node i out: who reads its output 0 reads `value` instead, which must
  // be the same. False, with nothing changed, where a graph output would lose
  // its name. Other outputs must have no reader.
  bool Skip(int i, const std::string& value, absl::string_view done,
            absl::string_view why);
  // Node i becomes `node`, with the same outputs.
  void Replace(int i, Node node, absl::string_view done, absl::string_view why);
  // The row alone, for what other calls have changed.
  void Say(const Node& node, absl::string_view done, absl::string_view why);
  void Say(const std::string& name, absl::string_view op,
           absl::string_view done, absl::string_view why);

  // ---- Changes that leave none ----
  // Takes node i out. Nothing may read its outputs any more.
  void Remove(int i);
  void SetInput(int i, size_t input, const std::string& value);
  // The node's subgraphs have changed.
  void SetNode(int i, Node node);
  // A node before `before`, with one output of a new name, which is returned.
  std::string AddNode(int before, Node node, absl::string_view stem);
  // The same with outputs that have names already, which nothing else has.
  void InsertNode(int before, Node node);
  std::string Fresh(absl::string_view stem) {
    return surroundings_.names->Fresh(stem);
  }
  std::string AddConstant(absl::string_view stem, Tensor tensor);
  // All readers of `from`, graph outputs excepted, read `to`.
  bool Redirect(const std::string& from, const std::string& to);
  void AddInitializer(const std::string& name, Tensor tensor);

  int changes() const { return changes_; }
  // Puts the nodes back into the graph in topological order, dead ones and
  // unread initializers left out. The edit is over.
  void Finish();

 private:
  bool Knows(absl::string_view name) const;
  void Register(int i);
  void Unregister(int i);
  // Takes out the maker of a value that nothing reads any more, and so on.
  void Prune(const std::string& value);
  // Every read of `from` by node i, its subgraphs included. False: a subgraph
  // has a value `to` of its own.
  bool CanRename(int i, const std::string& from, const std::string& to) const;
  void RenameReads(int i, const std::string& from, const std::string& to);

  Surroundings surroundings_;
  Graph* graph_;
  std::vector<Node> nodes_;
  std::vector<int> anchors_;  // the first nodes' own numbers; of new ones the
                              // number that they stand before
  std::vector<bool> alive_;
  absl::flat_hash_map<std::string, int> producers_;
  absl::flat_hash_map<std::string, std::vector<int>> readers_;
  absl::flat_hash_set<std::string> inputs_;
  absl::flat_hash_set<std::string> outputs_;
  absl::flat_hash_map<std::string, Tensor> constants_;
  absl::flat_hash_set<std::string> own_;  // names that this graph defines
  std::string pass_;
  int changes_ = 0;
};

// Whether the node has a subgraph.
bool HasSubgraph(const Node& node);

}  // namespace hone

#endif  // HONE_IR_SIMPLIFY_GRAPH_EDIT_H_
