#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"

namespace hone {
namespace {

// Contents are hashed only of constants whose first bytes agree.
constexpr size_t kFirstBytes = 64;

std::string Likeness(const Tensor& tensor) {
  std::string key =
      absl::StrCat(DTypeName(tensor.dtype()), DimsToString(tensor.dims()));
  const auto bytes = tensor.bytes();
  const size_t count = std::min(bytes.size(), kFirstBytes);
  const size_t begin = key.size();
  key.resize(begin + count);
  if (count > 0) std::memcpy(&key[begin], bytes.data(), count);
  return key;
}

void MergeConstants(GraphEdit& edit) {
  absl::flat_hash_map<std::string, std::vector<const Initializer*>> groups;
  std::vector<std::string> order;
  for (const Initializer& each : edit.graph().initializers) {
    if (edit.Constant(each.name) == nullptr || edit.IsOutput(each.name) ||
        edit.Readers(each.name).empty()) {
      continue;
    }
    std::string key = Likeness(each.tensor);
    auto& group = groups[key];
    if (group.empty()) order.push_back(std::move(key));
    group.push_back(&each);
  }
  for (const std::string& key : order) {
    const std::vector<const Initializer*>& group = groups[key];
    if (group.size() < 2) continue;
    absl::flat_hash_map<std::string, std::string> first;
    for (const Initializer* each : group) {
      const auto [found, added] =
          first.emplace(each->tensor.ContentHash(), each->name);
      if (added || !edit.Redirect(each->name, found->second)) continue;
      edit.Say(each->name, "Constant", "merged",
               absl::StrCat("equal to ", found->second));
    }
  }
}

template <typename T>
void AppendBytes(const T& value, std::string* key) {
  const size_t at = key->size();
  key->resize(at + sizeof value);
  std::memcpy(&(*key)[at], &value, sizeof value);
}

// False: of a kind that is not compared.
bool AppendAttribute(const Attribute& attribute, std::string* key) {
  absl::StrAppend(key, attribute.name, "=", attribute.ref_attr_name, ":",
                  attribute.data.index(), ":");
  if (const auto* f = std::get_if<float>(&attribute.data)) {
    AppendBytes(*f, key);
  } else if (const auto* n = std::get_if<int64_t>(&attribute.data)) {
    AppendBytes(*n, key);
  } else if (const auto* s = std::get_if<std::string>(&attribute.data)) {
    absl::StrAppend(key, s->size(), ":", *s);
  } else if (const auto* fs =
                 std::get_if<std::vector<float>>(&attribute.data)) {
    AppendBytes(fs->size(), key);
    for (const float each : *fs) AppendBytes(each, key);
  } else if (const auto* ns =
                 std::get_if<std::vector<int64_t>>(&attribute.data)) {
    AppendBytes(ns->size(), key);
    for (const int64_t each : *ns) AppendBytes(each, key);
  } else if (const auto* ss =
                 std::get_if<std::vector<std::string>>(&attribute.data)) {
    AppendBytes(ss->size(), key);
    for (const std::string& each : *ss) {
      absl::StrAppend(key, each.size(), ":", each);
    }
  } else if (const auto* t = std::get_if<Tensor>(&attribute.data)) {
    absl::StrAppend(key, t->ContentHash());
  } else {
    return false;
  }
  return true;
}

bool IsRandom(const Node& node) {
  return node.Is("RandomNormal") || node.Is("RandomUniform") ||
         node.Is("RandomNormalLike") || node.Is("RandomUniformLike") ||
         node.Is("Multinomial") || node.Is("Bernoulli") || node.Is("Dropout");
}

// What two nodes that compute the same have in common; "" for a node that is
// not compared.
std::string KeyOf(const Node& node) {
  // Other domains' operators may be random.
  if (!node.domain.empty() || IsRandom(node) || HasSubgraph(node) ||
      node.inputs.empty()) {
    return "";
  }
  std::string key = absl::StrCat(node.op_type, "(", node.outputs.size(), ")");
  std::vector<std::string> inputs = node.inputs;
  if (node.Is("Add") || node.Is("Mul") || node.Is("And") || node.Is("Or") ||
      node.Is("Equal")) {
    std::sort(inputs.begin(), inputs.end());
  }
  for (const std::string& input : inputs) {
    absl::StrAppend(&key, input.size(), ":", input, ",");
  }
  // Which optional outputs are there may choose the computation.
  for (const std::string& output : node.outputs) {
    key += output.empty() ? '0' : '1';
  }
  std::vector<const Attribute*> attributes;
  for (const Attribute& each : node.attributes) attributes.push_back(&each);
  std::sort(
      attributes.begin(), attributes.end(),
      [](const Attribute* a, const Attribute* b) { return a->name < b->name; });
  for (const Attribute* each : attributes) {
    if (!AppendAttribute(*each, &key)) return "";
  }
  return key;
}

void MergeNodes(GraphEdit& edit) {
  absl::flat_hash_map<std::string, int> first;
  for (int i = 0; i < edit.size(); ++i) {
    if (!edit.Alive(i)) continue;
    const std::string key = KeyOf(edit.node(i));
    if (key.empty()) continue;
    const auto [found, added] = first.emplace(key, i);
    if (added) continue;
    const Node same = edit.node(found->second);
    const Node node = edit.node(i);
    const std::string why =
        absl::StrCat("computes what ", NodeLabel(same), " does");
    if (node.outputs.size() == 1) {
      edit.Skip(i, same.outputs[0], "merged", why);
      continue;
    }
    if (std::any_of(node.outputs.begin(), node.outputs.end(),
                    [&](const std::string& o) { return edit.IsOutput(o); })) {
      continue;
    }
    bool all = true;
    for (size_t k = 0; k < node.outputs.size(); ++k) {
      if (node.outputs[k].empty()) continue;
      all = edit.Redirect(node.outputs[k], same.outputs[k]) && all;
    }
    if (!all) continue;
    edit.Remove(i);
    edit.Say(node, "merged", why);
  }
}

}  // namespace

void MergeDuplicates(GraphEdit& edit) {
  MergeConstants(edit);
  MergeNodes(edit);
}

}  // namespace hone
