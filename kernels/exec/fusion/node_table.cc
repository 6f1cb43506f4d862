#include "kernels/exec/fusion/node_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hone {

NodeTable::NodeTable(FusionGraph& graph)
    : graph_(graph), nodes_(std::move(graph.model->graph.nodes)) {
  for (const Initializer& i : graph.model->graph.initializers) {
    constants_.emplace(i.name, i.tensor);
  }
  for (int i = 0; i < size(); ++i) Link(i);
}

void NodeTable::Link(int index) {
  for (const std::string& output : nodes_[index].outputs) {
    if (!output.empty()) producers_[output] = index;
  }
  ForEachRead(nodes_[index], [&](absl::string_view value) {
    if (!value.empty()) readers_[std::string(value)].push_back(index);
  });
}

void NodeTable::Unlink(int index) {
  for (const std::string& output : nodes_[index].outputs) {
    producers_.erase(output);
  }
  ForEachRead(nodes_[index], [&](absl::string_view value) {
    const auto found = readers_.find(value);
    if (found == readers_.end()) return;
    std::vector<int>& of = found->second;
    of.erase(std::remove(of.begin(), of.end(), index), of.end());
  });
}

int NodeTable::Producer(absl::string_view value) const {
  const auto found = producers_.find(value);
  return found == producers_.end() ? -1 : found->second;
}

const std::vector<int>& NodeTable::Readers(absl::string_view value) const {
  static const auto* const none = new std::vector<int>;
  const auto found = readers_.find(value);
  return found == readers_.end() ? *none : found->second;
}

bool NodeTable::Kept(absl::string_view value) const {
  return graph_.kept.count(std::string(value)) > 0;
}

bool NodeTable::CanRename(absl::string_view value) const {
  if (Kept(value)) return false;
  const std::vector<int>& readers = Readers(value);
  return std::none_of(readers.begin(), readers.end(), [&](int reader) {
    const std::vector<Attribute>& attributes = nodes_[reader].attributes;
    return std::any_of(attributes.begin(), attributes.end(),
                       [](const Attribute& a) {
                         return a.kind == Attribute::Kind::kGraph ||
                                a.kind == Attribute::Kind::kGraphs;
                       });
  });
}

bool NodeTable::ReadOnlyBy(absl::string_view value, int reader) const {
  const std::vector<int>& readers = Readers(value);
  if (readers.empty() || Kept(value)) return false;
  // The index may list a reader once or once a read; the node tells.
  if (std::any_of(readers.begin(), readers.end(),
                  [&](int r) { return r != reader; })) {
    return false;
  }
  const std::vector<std::string>& inputs = nodes_[reader].inputs;
  return std::count(inputs.begin(), inputs.end(), value) == 1;
}

const Tensor* NodeTable::Constant(absl::string_view value) const {
  const auto found = constants_.find(value);
  return found == constants_.end() ? nullptr : &found->second;
}

bool NodeTable::ScalarConstant(absl::string_view value, float* number) const {
  const Tensor* tensor = Constant(value);
  if (tensor == nullptr || tensor->dtype() != DType::kF32 ||
      tensor->size() != 1) {
    return false;
  }
  *number = tensor->Aligned().Values<float>()[0];
  return true;
}

const Type& NodeTable::TypeOf(absl::string_view value) const {
  return graph_.types->TypeOf(value);
}

int64_t NodeTable::Opset() const { return graph_.model->Opset(); }

std::string NodeTable::AddConstant(absl::string_view stem, Tensor tensor) {
  std::string name;
  do {
    name = absl::StrCat(stem, "/folded", fresh_++);
  } while (constants_.contains(name) || producers_.contains(name) ||
           readers_.contains(name) || graph_.types->types.contains(name));
  constants_.emplace(name, tensor);
  Initializer initializer;
  initializer.name = name;
  initializer.tensor = std::move(tensor);
  graph_.model->graph.initializers.push_back(std::move(initializer));
  return name;
}

std::vector<Node> NodeTable::OriginalsOf(const Node& node) const {
  const auto found = graph_.originals.find(node.outputs[0]);
  return found == graph_.originals.end() ? std::vector<Node>{node}
                                         : found->second;
}

void NodeTable::Replace(int at, Node fused, const std::vector<int>& absorbed) {
  std::vector<Node> originals;
  for (const int index : absorbed) {
    for (Node& node : OriginalsOf(nodes_[index])) {
      originals.push_back(std::move(node));
    }
    graph_.originals.erase(nodes_[index].outputs[0]);
  }
  for (Node& node : OriginalsOf(nodes_[at])) {
    originals.push_back(std::move(node));
  }
  for (const int index : absorbed) {
    Unlink(index);
    nodes_[index] = Node();
  }
  Unlink(at);
  nodes_[at] = std::move(fused);
  Link(at);
  graph_.originals[nodes_[at].outputs[0]] = std::move(originals);
}

// By value: the caller's strings may be those of the node that goes away.
void NodeTable::Bypass(int index, std::string value, std::string other) {
  std::vector<int> readers = Readers(value);
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  Unlink(index);
  nodes_[index] = Node();
  const auto rename = [&](Node& node) {
    std::replace(node.inputs.begin(), node.inputs.end(), value, other);
  };
  for (const int reader : readers) {
    Unlink(reader);
    rename(nodes_[reader]);
    Link(reader);
    const auto found = graph_.originals.find(nodes_[reader].outputs[0]);
    if (found == graph_.originals.end()) continue;
    for (Node& node : found->second) rename(node);
  }
}

void NodeTable::Finish() {
  std::vector<Node>& nodes = graph_.model->graph.nodes;
  nodes.clear();
  for (Node& node : nodes_) {
    if (!node.op_type.empty()) nodes.push_back(std::move(node));
  }
}

}  // namespace hone
