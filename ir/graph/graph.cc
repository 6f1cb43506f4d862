#include "ir/graph/graph.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace hone {
namespace {

Attribute Make(std::string name, Attribute::Kind kind, Attribute::Data data) {
  Attribute attribute;
  attribute.name = std::move(name);
  attribute.kind = kind;
  attribute.data = std::move(data);
  return attribute;
}

void ForEachSubgraph(const Node& node,
                     const std::function<void(const Graph&)>& visit) {
  for (const Attribute& attribute : node.attributes) {
    if (const auto* graph =
            std::get_if<std::shared_ptr<const Graph>>(&attribute.data)) {
      visit(**graph);
    } else if (const auto* graphs =
                   std::get_if<std::vector<std::shared_ptr<const Graph>>>(
                       &attribute.data)) {
      for (const auto& each : *graphs) visit(*each);
    }
  }
}

void CollectNames(const Graph& graph, absl::flat_hash_set<std::string>* names) {
  for (const ValueInfo& input : graph.inputs) names->insert(input.name);
  for (const Initializer& init : graph.initializers) names->insert(init.name);
  for (const Node& node : graph.nodes) {
    if (!node.name.empty()) names->insert(node.name);
    names->insert(node.inputs.begin(), node.inputs.end());
    names->insert(node.outputs.begin(), node.outputs.end());
    ForEachSubgraph(
        node, [names](const Graph& inner) { CollectNames(inner, names); });
  }
}

}  // namespace

Attribute Attribute::Float(std::string name, float value) {
  return Make(std::move(name), Kind::kFloat, value);
}
Attribute Attribute::Int(std::string name, int64_t value) {
  return Make(std::move(name), Kind::kInt, value);
}
Attribute Attribute::String(std::string name, std::string value) {
  return Make(std::move(name), Kind::kString, std::move(value));
}
Attribute Attribute::OfTensor(std::string name, Tensor value) {
  return Make(std::move(name), Kind::kTensor, std::move(value));
}
Attribute Attribute::OfGraph(std::string name, Graph value) {
  return Make(std::move(name), Kind::kGraph,
              std::make_shared<const Graph>(std::move(value)));
}
Attribute Attribute::Ints(std::string name, std::vector<int64_t> value) {
  return Make(std::move(name), Kind::kInts, std::move(value));
}
Attribute Attribute::Floats(std::string name, std::vector<float> value) {
  return Make(std::move(name), Kind::kFloats, std::move(value));
}
Attribute Attribute::Strings(std::string name, std::vector<std::string> value) {
  return Make(std::move(name), Kind::kStrings, std::move(value));
}

const Attribute* Node::FindAttribute(absl::string_view name) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

namespace {

template <typename T>
const T* AttributeAs(const Node& node, absl::string_view name) {
  const Attribute* attribute = node.FindAttribute(name);
  return attribute == nullptr ? nullptr : std::get_if<T>(&attribute->data);
}

}  // namespace

int64_t Node::IntAttribute(absl::string_view name, int64_t otherwise) const {
  const int64_t* value = AttributeAs<int64_t>(*this, name);
  return value == nullptr ? otherwise : *value;
}

float Node::FloatAttribute(absl::string_view name, float otherwise) const {
  const float* value = AttributeAs<float>(*this, name);
  return value == nullptr ? otherwise : *value;
}

std::string Node::StringAttribute(absl::string_view name,
                                  absl::string_view otherwise) const {
  const std::string* value = AttributeAs<std::string>(*this, name);
  return value == nullptr ? std::string(otherwise) : *value;
}

std::vector<int64_t> Node::IntsAttribute(absl::string_view name) const {
  const auto* value = AttributeAs<std::vector<int64_t>>(*this, name);
  return value == nullptr ? std::vector<int64_t>() : *value;
}

std::vector<float> Node::FloatsAttribute(absl::string_view name) const {
  const auto* value = AttributeAs<std::vector<float>>(*this, name);
  return value == nullptr ? std::vector<float>() : *value;
}

void Node::SetAttribute(Attribute attribute) {
  for (Attribute& existing : attributes) {
    if (existing.name == attribute.name) {
      existing = std::move(attribute);
      return;
    }
  }
  attributes.push_back(std::move(attribute));
}

void Node::RemoveAttribute(absl::string_view name) {
  for (size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].name == name) {
      attributes.erase(attributes.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }
}

absl::string_view Node::Input(size_t index) const {
  return index < inputs.size() ? absl::string_view(inputs[index])
                               : absl::string_view();
}

absl::string_view Node::Output(size_t index) const {
  return index < outputs.size() ? absl::string_view(outputs[index])
                                : absl::string_view();
}

std::string NodeLabel(const Node& node) {
  if (!node.name.empty()) return node.name;
  return absl::StrCat(node.op_type, " -> ",
                      node.outputs.empty() ? "" : node.outputs[0]);
}

const Initializer* Graph::FindInitializer(absl::string_view name) const {
  for (const Initializer& init : initializers) {
    if (init.name == name) return &init;
  }
  return nullptr;
}

void Graph::SetInitializer(absl::string_view name, Tensor tensor) {
  for (Initializer& init : initializers) {
    if (init.name == name) {
      init.tensor = std::move(tensor);
      return;
    }
  }
  Initializer init;
  init.name = std::string(name);
  init.tensor = std::move(tensor);
  initializers.push_back(std::move(init));
}

std::string Graph::FreshName(absl::string_view stem) const {
  absl::flat_hash_set<std::string> names;
  CollectNames(*this, &names);
  std::string name(stem);
  for (int i = 1; names.contains(name); ++i) name = absl::StrCat(stem, "_", i);
  return name;
}

int64_t Model::Opset(absl::string_view domain) const {
  const auto found = opsets.find(std::string(domain));
  return found == opsets.end() ? 0 : found->second;
}

GraphIndex::GraphIndex(const Graph& graph) : graph_(&graph) {
  for (const ValueInfo& info : graph.value_infos)
    types_[info.name] = &info.type;
  for (const ValueInfo& info : graph.outputs) {
    types_[info.name] = &info.type;
    outputs_[info.name] = true;
  }
  for (const ValueInfo& info : graph.inputs) {
    types_[info.name] = &info.type;
    inputs_[info.name] = true;
  }
  for (const Initializer& init : graph.initializers)
    initializers_[init.name] = &init.tensor;
  for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
    const Node& node = graph.nodes[static_cast<size_t>(i)];
    for (const std::string& output : node.outputs) {
      if (!output.empty()) producers_[output] = i;
    }
    if (std::optional<Tensor> constant = ConstantNodeTensor(node);
        constant.has_value() && !node.outputs.empty()) {
      constants_[node.outputs[0]] = *std::move(constant);
    }
    ForEachRead(node, [this, i](absl::string_view value) {
      std::vector<int>& readers = consumers_[value];
      if (readers.empty() || readers.back() != i) readers.push_back(i);
    });
  }
}

int GraphIndex::ProducerIndex(absl::string_view value) const {
  const auto found = producers_.find(value);
  return found == producers_.end() ? -1 : found->second;
}

const Node* GraphIndex::Producer(absl::string_view value) const {
  const int index = ProducerIndex(value);
  return index < 0 ? nullptr : &graph_->nodes[static_cast<size_t>(index)];
}

const std::vector<int>& GraphIndex::Consumers(absl::string_view value) const {
  static const std::vector<int>* const kNone = new std::vector<int>();
  const auto found = consumers_.find(value);
  return found == consumers_.end() ? *kNone : found->second;
}

const Tensor* GraphIndex::InitializerTensor(absl::string_view value) const {
  const auto found = initializers_.find(value);
  return found == initializers_.end() ? nullptr : found->second;
}

const Tensor* GraphIndex::ConstantTensor(absl::string_view value) const {
  if (const Tensor* tensor = InitializerTensor(value)) return tensor;
  const auto found = constants_.find(value);
  return found == constants_.end() ? nullptr : &found->second;
}

bool GraphIndex::IsGraphInput(absl::string_view value) const {
  return inputs_.contains(value);
}

bool GraphIndex::IsGraphOutput(absl::string_view value) const {
  return outputs_.contains(value);
}

const Type* GraphIndex::DeclaredType(absl::string_view value) const {
  const auto found = types_.find(value);
  return found == types_.end() ? nullptr : found->second;
}

std::optional<Tensor> ConstantNodeTensor(const Node& node) {
  if (!node.Is("Constant")) return std::nullopt;
  for (const Attribute& attribute : node.attributes) {
    const auto& data = attribute.data;
    if (attribute.name == "value") {
      if (const auto* tensor = std::get_if<Tensor>(&data)) return *tensor;
    } else if (attribute.name == "value_float") {
      if (const auto* f = std::get_if<float>(&data)) return Tensor::Scalar(*f);
    } else if (attribute.name == "value_int") {
      if (const auto* i = std::get_if<int64_t>(&data))
        return Tensor::Scalar(*i);
    } else if (attribute.name == "value_floats") {
      if (const auto* f = std::get_if<std::vector<float>>(&data)) {
        return Tensor::FromVector<float>({static_cast<int64_t>(f->size())}, *f);
      }
    } else if (attribute.name == "value_ints") {
      if (const auto* i = std::get_if<std::vector<int64_t>>(&data)) {
        return Tensor::FromVector<int64_t>({static_cast<int64_t>(i->size())},
                                           *i);
      }
    } else if (attribute.name == "value_string") {
      if (const auto* s = std::get_if<std::string>(&data))
        return Tensor::FromStrings({}, {*s});
    } else if (attribute.name == "value_strings") {
      if (const auto* s = std::get_if<std::vector<std::string>>(&data)) {
        return Tensor::FromStrings({static_cast<int64_t>(s->size())}, *s);
      }
    }
  }
  return std::nullopt;
}

namespace {

void ForEachOuterRead(const Graph& graph,
                      const std::function<void(absl::string_view)>& visit) {
  absl::flat_hash_set<absl::string_view> own;
  for (const ValueInfo& input : graph.inputs) own.insert(input.name);
  for (const Initializer& init : graph.initializers) own.insert(init.name);
  for (const Node& node : graph.nodes) {
    ForEachRead(node, [&](absl::string_view value) {
      if (!own.contains(value)) visit(value);
    });
    own.insert(node.outputs.begin(), node.outputs.end());
  }
  for (const ValueInfo& output : graph.outputs) {
    if (!own.contains(output.name)) visit(output.name);
  }
}

}  // namespace

void ForEachRead(const Node& node,
                 const std::function<void(absl::string_view)>& visit) {
  for (const std::string& input : node.inputs) {
    if (!input.empty()) visit(input);
  }
  ForEachSubgraph(node,
                  [&](const Graph& inner) { ForEachOuterRead(inner, visit); });
}

}  // namespace hone
