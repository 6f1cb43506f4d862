#include "ir/simplify/graph_edit.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ir/graph/sort.h"
#include "ir/rewrite/remove_dead.h"

namespace hone {
namespace {

using Shared = std::shared_ptr<const Graph>;

template <typename Visit>
void ForEachGraph(const Node& node, const Visit& visit) {
  for (const Attribute& attribute : node.attributes) {
    if (const auto* one = std::get_if<Shared>(&attribute.data)) {
      if (*one != nullptr) visit(**one);
    } else if (const auto* many =
                   std::get_if<std::vector<Shared>>(&attribute.data)) {
      for (const Shared& each : *many) visit(*each);
    }
  }
}

bool Defines(const Graph& graph, const std::string& name) {
  for (const ValueInfo& input : graph.inputs) {
    if (input.name == name) return true;
  }
  for (const Initializer& initializer : graph.initializers) {
    if (initializer.name == name) return true;
  }
  for (const Node& node : graph.nodes) {
    if (std::count(node.outputs.begin(), node.outputs.end(), name) > 0) {
      return true;
    }
    bool inside = false;
    ForEachGraph(node, [&](const Graph& inner) {
      inside = inside || Defines(inner, name);
    });
    if (inside) return true;
  }
  return false;
}

void RenameIn(Graph* graph, const std::string& from, const std::string& to);

void RenameIn(Node* node, const std::string& from, const std::string& to) {
  for (std::string& input : node->inputs) {
    if (input == from) input = to;
  }
  for (Attribute& attribute : node->attributes) {
    const auto rename = [&](Shared* graph) {
      Graph copy = **graph;
      RenameIn(&copy, from, to);
      *graph = std::make_shared<const Graph>(std::move(copy));
    };
    if (auto* one = std::get_if<Shared>(&attribute.data)) {
      if (*one != nullptr) rename(one);
    } else if (auto* many = std::get_if<std::vector<Shared>>(&attribute.data)) {
      for (Shared& each : *many) rename(&each);
    }
  }
}

void RenameIn(Graph* graph, const std::string& from, const std::string& to) {
  for (Node& node : graph->nodes) RenameIn(&node, from, to);
  for (ValueInfo& output : graph->outputs) {
    if (output.name == from) output.name = to;
  }
}

}  // namespace

bool HasSubgraph(const Node& node) {
  bool any = false;
  ForEachGraph(node, [&any](const Graph&) { any = true; });
  return any;
}

GraphEdit::GraphEdit(const Surroundings& surroundings, Graph* graph)
    : surroundings_(surroundings), graph_(graph) {
  for (const ValueInfo& input : graph->inputs) inputs_.insert(input.name);
  for (const ValueInfo& output : graph->outputs) outputs_.insert(output.name);
  own_ = inputs_;
  for (const Initializer& initializer : graph->initializers) {
    own_.insert(initializer.name);
    if (inputs_.contains(initializer.name)) continue;
    constants_.emplace(initializer.name, initializer.tensor);
  }
  nodes_ = std::move(graph->nodes);
  graph->nodes.clear();
  anchors_.resize(nodes_.size());
  std::iota(anchors_.begin(), anchors_.end(), 0);
  alive_.assign(nodes_.size(), true);
  for (int i = 0; i < size(); ++i) Register(i);
}

int64_t GraphEdit::OpsetOf(const Node& node) const {
  return surroundings_.model->Opset(node.domain);
}

void GraphEdit::Register(int i) {
  const Node& node = nodes_[static_cast<size_t>(i)];
  for (const std::string& output : node.outputs) {
    if (output.empty()) continue;
    producers_[output] = i;
    own_.insert(output);
  }
  ForEachRead(node, [&](absl::string_view name) {
    std::vector<int>& readers = readers_[std::string(name)];
    if (std::find(readers.begin(), readers.end(), i) == readers.end()) {
      readers.push_back(i);
    }
  });
  if (std::optional<Tensor> constant = ConstantNodeTensor(node)) {
    if (node.outputs.size() == 1) {
      constants_.insert_or_assign(node.outputs[0], *std::move(constant));
    }
  }
}

void GraphEdit::Unregister(int i) {
  const Node& node = nodes_[static_cast<size_t>(i)];
  for (const std::string& output : node.outputs) {
    const auto found = producers_.find(output);
    if (found != producers_.end() && found->second == i) {
      producers_.erase(found);
    }
  }
  ForEachRead(node, [&](absl::string_view name) {
    std::vector<int>& readers = readers_[std::string(name)];
    readers.erase(std::remove(readers.begin(), readers.end(), i),
                  readers.end());
  });
}

bool GraphEdit::Knows(absl::string_view name) const {
  return own_.contains(name) ||
         (surroundings_.outer != nullptr && surroundings_.outer->Knows(name));
}

bool GraphEdit::Hides(const Graph& inner) const {
  for (const ValueInfo& input : inner.inputs) {
    if (Knows(input.name)) return true;
  }
  for (const Initializer& initializer : inner.initializers) {
    if (Knows(initializer.name)) return true;
  }
  for (const Node& node : inner.nodes) {
    for (const std::string& output : node.outputs) {
      if (!output.empty() && Knows(output)) return true;
    }
  }
  return false;
}

int GraphEdit::Producer(absl::string_view value) const {
  const auto found = producers_.find(value);
  return found == producers_.end() ? -1 : found->second;
}

int GraphEdit::Producer(absl::string_view value,
                        absl::string_view op_type) const {
  const int i = Producer(value);
  return i >= 0 && node(i).Is(op_type) ? i : -1;
}

const std::vector<int>& GraphEdit::Readers(absl::string_view value) const {
  static const std::vector<int>* const kNone = new std::vector<int>();
  const auto found = readers_.find(value);
  return found == readers_.end() ? *kNone : found->second;
}

bool GraphEdit::OnlyReader(absl::string_view value) const {
  return Readers(value).size() == 1 && !IsOutput(value);
}

bool GraphEdit::IsOutput(absl::string_view value) const {
  return outputs_.contains(value);
}

const Tensor* GraphEdit::Constant(absl::string_view value) const {
  if (value.empty()) return nullptr;
  const auto found = constants_.find(value);
  if (found != constants_.end()) return &found->second;
  if (own_.contains(value) || surroundings_.outer == nullptr) return nullptr;
  return surroundings_.outer->Constant(value);
}

std::vector<const Tensor*> GraphEdit::Constants(const Node& node) const {
  std::vector<const Tensor*> constants;
  for (const std::string& input : node.inputs) {
    constants.push_back(Constant(input));
  }
  return constants;
}

const Type& GraphEdit::TypeOf(absl::string_view value) const {
  return surroundings_.types->TypeOf(value);
}

const Shape* GraphEdit::ShapeOf(absl::string_view value) const {
  const Type& type = TypeOf(value);
  return type.is_tensor() && type.shape.has_value() ? &*type.shape : nullptr;
}

DType GraphEdit::DTypeOf(absl::string_view value) const {
  const Type& type = TypeOf(value);
  return type.is_tensor() ? type.dtype : DType::kUndefined;
}

std::optional<Dims> GraphEdit::DimsOf(absl::string_view value) const {
  const Shape* shape = ShapeOf(value);
  return shape == nullptr ? std::nullopt : KnownDims(*shape);
}

const PartialTensor* GraphEdit::PartialOf(absl::string_view value) const {
  const auto found = surroundings_.types->partials.find(value);
  return found == surroundings_.types->partials.end() ? nullptr
                                                      : &found->second;
}

bool GraphEdit::CanRename(int i, const std::string& from,
                          const std::string& to) const {
  bool can = true;
  ForEachGraph(node(i), [&](const Graph& inner) {
    can = can && !Defines(inner, to) && !Defines(inner, from);
  });
  return can;
}

void GraphEdit::RenameReads(int i, const std::string& from,
                            const std::string& to) {
  Unregister(i);
  RenameIn(&nodes_[static_cast<size_t>(i)], from, to);
  Register(i);
}

bool GraphEdit::Redirect(const std::string& from, const std::string& to) {
  const std::vector<int> readers = Readers(from);
  for (const int reader : readers) {
    if (!CanRename(reader, from, to)) return false;
  }
  for (const int reader : readers) RenameReads(reader, from, to);
  return true;
}

bool GraphEdit::Skip(int i, const std::string& value, absl::string_view done,
                     absl::string_view why) {
  const Node old = node(i);
  const std::string output = old.outputs[0];
  if (!IsOutput(output)) {
    if (!Redirect(output, value)) return false;
    Remove(i);
    for (const std::string& input : old.inputs) Prune(input);
    Say(old, done, why);
    return true;
  }
  // The value takes the graph output's name, which only a value that a node of
  // this graph makes can do.
  const int producer = Producer(value);
  if (producer < 0 || producer == i || IsOutput(value)) return false;
  for (const int reader : Readers(value)) {
    if (!CanRename(reader, value, output)) return false;
  }
  Remove(i);
  const std::vector<int> readers = Readers(value);
  for (const int reader : readers) RenameReads(reader, value, output);
  Unregister(producer);
  for (std::string& name : nodes_[static_cast<size_t>(producer)].outputs) {
    if (name == value) name = output;
  }
  own_.erase(value);
  Register(producer);
  for (const std::string& input : old.inputs) Prune(input);
  Say(old, done, why);
  return true;
}

void GraphEdit::Replace(int i, Node node, absl::string_view done,
                        absl::string_view why) {
  const Node old = nodes_[static_cast<size_t>(i)];
  node.outputs = old.outputs;
  if (node.name.empty()) node.name = old.name;
  SetNode(i, std::move(node));
  Say(old, done, why);
}

void GraphEdit::Say(const Node& node, absl::string_view done,
                    absl::string_view why) {
  Say(NodeLabel(node), node.op_type, done, why);
}

void GraphEdit::Say(const std::string& name, absl::string_view op,
                    absl::string_view done, absl::string_view why) {
  ++changes_;
  surroundings_.rows->push_back({name,
                                 std::string(op),
                                 std::string(done),
                                 absl::StrCat(pass_, ": ", why),
                                 {}});
}

void GraphEdit::Remove(int i) {
  Unregister(i);
  for (const std::string& output : nodes_[static_cast<size_t>(i)].outputs) {
    own_.erase(output);
    constants_.erase(output);
  }
  alive_[static_cast<size_t>(i)] = false;
}

void GraphEdit::SetInput(int i, size_t input, const std::string& value) {
  Node changed = node(i);
  if (changed.inputs.size() <= input) changed.inputs.resize(input + 1);
  changed.inputs[input] = value;
  while (!changed.inputs.empty() && changed.inputs.back().empty()) {
    changed.inputs.pop_back();
  }
  SetNode(i, std::move(changed));
}

void GraphEdit::SetNode(int i, Node node) {
  const std::vector<std::string> before = nodes_[static_cast<size_t>(i)].inputs;
  Unregister(i);
  nodes_[static_cast<size_t>(i)] = std::move(node);
  Register(i);
  for (const std::string& value : before) Prune(value);
}

void GraphEdit::Prune(const std::string& value) {
  const int i = Producer(value);
  if (i < 0) return;
  for (const std::string& output : node(i).outputs) {
    if (!output.empty() && (!Readers(output).empty() || IsOutput(output))) {
      return;
    }
  }
  const std::vector<std::string> inputs = node(i).inputs;
  Remove(i);
  for (const std::string& input : inputs) Prune(input);
}

std::string GraphEdit::AddNode(int before, Node node, absl::string_view stem) {
  const std::string name = Fresh(stem);
  node.outputs = {name};
  InsertNode(before, std::move(node));
  return name;
}

void GraphEdit::InsertNode(int before, Node node) {
  nodes_.push_back(std::move(node));
  anchors_.push_back(anchors_[static_cast<size_t>(before)]);
  alive_.push_back(true);
  Register(size() - 1);
}

std::string GraphEdit::AddConstant(absl::string_view stem, Tensor tensor) {
  const std::string name = Fresh(stem);
  AddInitializer(name, std::move(tensor));
  return name;
}

void GraphEdit::AddInitializer(const std::string& name, Tensor tensor) {
  own_.insert(name);
  constants_.insert_or_assign(name, tensor);
  Initializer initializer;
  initializer.name = name;
  initializer.tensor = std::move(tensor);
  graph_->initializers.push_back(std::move(initializer));
}

void GraphEdit::Finish() {
  std::vector<int> order;
  for (int i = 0; i < size(); ++i) {
    if (Alive(i)) order.push_back(i);
  }
  // New nodes, which have the higher numbers, stand before their anchor.
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const int x = anchors_[static_cast<size_t>(a)];
    const int y = anchors_[static_cast<size_t>(b)];
    if (x != y) return x < y;
    if ((a == x) != (b == y)) return b == y;
    return a < b;
  });
  std::vector<Node> nodes;
  nodes.reserve(order.size());
  for (const int i : order) {
    nodes.push_back(std::move(nodes_[static_cast<size_t>(i)]));
  }
  const absl::StatusOr<std::vector<int>> sorted = TopologicalOrder(nodes);
  if (sorted.ok()) {  // no rewrite makes a cycle
    for (const int i : *sorted) {
      graph_->nodes.push_back(std::move(nodes[static_cast<size_t>(i)]));
    }
  } else {
    graph_->nodes = std::move(nodes);
  }
  RemoveDeadNodes(graph_);
}

}  // namespace hone
