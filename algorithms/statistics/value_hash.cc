#include "algorithms/statistics/value_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace hone {
namespace {

using Scope = absl::flat_hash_map<std::string, std::string>;

std::string HashText(absl::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

// Every field is written with its length, so that no two lists of fields give
// the same text.
void AppendField(std::string* text, absl::string_view field) {
  absl::StrAppend(text, field.size(), ":", field, ";");
}

std::string HashGraph(const Model& model, const Graph& graph, Scope scope,
                      Scope* all);

class AttributeText {
 public:
  AttributeText(const Model& model, const Scope& scope)
      : model_(model), scope_(scope) {}

  void operator()(std::monostate) {}
  void operator()(float value) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    AppendField(&text, absl::StrCat(bits));
  }
  void operator()(int64_t value) { AppendField(&text, absl::StrCat(value)); }
  void operator()(const std::string& value) { AppendField(&text, value); }
  void operator()(const Tensor& value) {
    AppendField(&text, value.ContentHash());
  }
  void operator()(const std::shared_ptr<const Graph>& value) {
    AppendField(&text, HashGraph(model_, *value, scope_, nullptr));
  }
  void operator()(const RawMessages& value) {
    for (const RawBytes& message : value.messages) AppendField(&text, message);
  }
  template <typename T>
  void operator()(const std::vector<T>& values) {
    for (const T& value : values) (*this)(value);
  }

  std::string text;

 private:
  const Model& model_;
  const Scope& scope_;
};

std::string NodeText(const Model& model, const Node& node, const Scope& scope) {
  std::string text;
  AppendField(&text, node.domain);
  AppendField(&text, node.op_type);
  AppendField(&text, node.overload);
  AppendField(&text, absl::StrCat(model.Opset(node.domain)));
  std::vector<const Attribute*> attributes;
  for (const Attribute& attribute : node.attributes) {
    attributes.push_back(&attribute);
  }
  std::sort(
      attributes.begin(), attributes.end(),
      [](const Attribute* a, const Attribute* b) { return a->name < b->name; });
  for (const Attribute* attribute : attributes) {
    AppendField(&text, attribute->name);
    AttributeText value(model, scope);
    std::visit(value, attribute->data);
    AppendField(&text, value.text);
    AppendField(&text, attribute->ref_attr_name);
  }
  for (const std::string& input : node.inputs) {
    const auto known = scope.find(input);
    // An unknown name ("" or one that a malformed graph reads) stands for
    // itself.
    AppendField(&text, known == scope.end() ? input : known->second);
  }
  return text;
}

// The hash of a graph's outputs; all of its values go to `all` unless null.
std::string HashGraph(const Model& model, const Graph& graph, Scope scope,
                      Scope* all) {
  for (const ValueInfo& input : graph.inputs) {
    scope[input.name] = HashText(absl::StrCat("input ", input.name));
  }
  for (const Initializer& initializer : graph.initializers) {
    scope[initializer.name] = initializer.tensor.ContentHash();
  }
  for (const Node& node : graph.nodes) {
    if (const std::optional<Tensor> constant = ConstantNodeTensor(node)) {
      if (!node.outputs.empty()) {
        scope[node.outputs[0]] = constant->ContentHash();
      }
      continue;
    }
    const std::string text = NodeText(model, node, scope);
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      scope[node.outputs[i]] = HashText(absl::StrCat(text, "#", i));
    }
  }
  std::string outputs;
  for (const ValueInfo& output : graph.outputs) {
    AppendField(&outputs, scope[output.name]);
  }
  if (all != nullptr) *all = std::move(scope);
  return HashText(outputs);
}

}  // namespace

absl::flat_hash_map<std::string, std::string> HashValues(const Model& model) {
  Scope all;
  // Functions change what a node of their domain means.
  std::string functions;
  for (const Function& function : model.functions) {
    Graph body;
    body.nodes = function.nodes;
    for (const std::string& input : function.inputs) {
      body.inputs.push_back({input, {}, {}, {}, {}});
    }
    for (const std::string& output : function.outputs) {
      body.outputs.push_back({output, {}, {}, {}, {}});
    }
    AppendField(&functions, function.domain);
    AppendField(&functions, function.name);
    AppendField(&functions, HashGraph(model, body, {}, nullptr));
  }
  HashGraph(model, model.graph, {}, &all);
  if (!functions.empty()) {
    for (auto& [name, hash] : all) {
      hash = HashText(absl::StrCat(functions, hash));
    }
  }
  return all;
}

}  // namespace hone
