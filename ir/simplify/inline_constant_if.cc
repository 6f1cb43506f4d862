#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/simplify/shape_facts.h"

namespace hone {
namespace {

using Names = absl::flat_hash_map<std::string, std::string>;
using Shared = std::shared_ptr<const Graph>;

void Rename(const Names& names, std::string* value) {
  const auto found = names.find(*value);
  if (found != names.end()) *value = found->second;
}

void RenameReads(const Names& names, Node* node);

void RenameReads(const Names& names, Shared* graph) {
  Graph copy = **graph;
  Names outer = names;  // what the subgraph defines itself hides
  for (const ValueInfo& input : copy.inputs) outer.erase(input.name);
  for (const Initializer& each : copy.initializers) outer.erase(each.name);
  for (const Node& node : copy.nodes) {
    for (const std::string& output : node.outputs) outer.erase(output);
  }
  for (Node& node : copy.nodes) RenameReads(outer, &node);
  for (ValueInfo& output : copy.outputs) Rename(outer, &output.name);
  *graph = std::make_shared<const Graph>(std::move(copy));
}

void RenameReads(const Names& names, Node* node) {
  for (std::string& input : node->inputs) Rename(names, &input);
  for (Attribute& attribute : node->attributes) {
    if (auto* one = std::get_if<Shared>(&attribute.data)) {
      if (*one != nullptr) RenameReads(names, one);
    } else if (auto* many = std::get_if<std::vector<Shared>>(&attribute.data)) {
      for (Shared& each : *many) RenameReads(names, &each);
    }
  }
}

void Inline(GraphEdit& edit, int i) {
  const Node node = edit.node(i);
  const Tensor* condition =
      node.inputs.empty() ? nullptr : edit.Constant(node.inputs[0]);
  if (condition == nullptr || condition->size() != 1) return;
  const bool taken = !AllElementsAre(*condition, 0);
  const Attribute* attribute =
      node.FindAttribute(taken ? "then_branch" : "else_branch");
  const auto* branch =
      attribute == nullptr ? nullptr : std::get_if<Shared>(&attribute->data);
  if (branch == nullptr || *branch == nullptr) return;
  const Graph& graph = **branch;
  if (graph.outputs.size() != node.outputs.size() || !graph.inputs.empty() ||
      !graph.sparse_initializers.empty()) {
    return;
  }
  Names names;
  for (const Initializer& each : graph.initializers) {
    names[each.name] = edit.AddConstant(each.name, each.tensor);
  }
  for (const Node& inner : graph.nodes) {
    for (const std::string& output : inner.outputs) {
      if (!output.empty()) names[output] = edit.Fresh(output);
    }
  }
  for (Node inner : graph.nodes) {
    RenameReads(names, &inner);
    for (std::string& output : inner.outputs) Rename(names, &output);
    edit.InsertNode(i, std::move(inner));
  }
  edit.Remove(i);
  for (size_t k = 0; k < node.outputs.size(); ++k) {
    if (node.outputs[k].empty()) continue;
    Node same;
    same.op_type = "Identity";
    same.inputs = {graph.outputs[k].name};
    Rename(names, &same.inputs[0]);
    same.outputs = {node.outputs[k]};
    edit.InsertNode(i, std::move(same));
  }
  edit.Say(node, "inlined",
           absl::StrCat("its condition is always ", taken ? "true" : "false"));
}

}  // namespace

void InlineConstantIf(GraphEdit& edit) {
  const int count = edit.size();
  for (int i = 0; i < count; ++i) {
    if (edit.Alive(i) && edit.node(i).Is("If")) Inline(edit, i);
  }
}

}  // namespace hone
