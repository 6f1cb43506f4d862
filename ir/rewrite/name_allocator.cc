#include "ir/rewrite/name_allocator.h"

#include <memory>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"

namespace hone {
namespace {

void Collect(const Graph& graph, absl::flat_hash_set<std::string>* names) {
  for (const ValueInfo& input : graph.inputs) names->insert(input.name);
  for (const ValueInfo& output : graph.outputs) names->insert(output.name);
  for (const Initializer& init : graph.initializers) names->insert(init.name);
  for (const Node& node : graph.nodes) {
    names->insert(node.name);
    names->insert(node.inputs.begin(), node.inputs.end());
    names->insert(node.outputs.begin(), node.outputs.end());
    for (const Attribute& attribute : node.attributes) {
      using Shared = std::shared_ptr<const Graph>;
      if (const auto* one = std::get_if<Shared>(&attribute.data)) {
        Collect(**one, names);
      } else if (const auto* many =
                     std::get_if<std::vector<Shared>>(&attribute.data)) {
        for (const Shared& each : *many) Collect(*each, names);
      }
    }
  }
}

}  // namespace

NameAllocator::NameAllocator(const Graph& graph) {
  taken_.insert("");  // an absent value
  Collect(graph, &taken_);
}

std::string NameAllocator::Fresh(absl::string_view stem) {
  int64_t& next = next_[stem];
  std::string name(stem);
  if (next > 0) name = absl::StrCat(stem, "_", next);
  while (!taken_.insert(name).second) {
    ++next;
    name = absl::StrCat(stem, "_", next);
  }
  ++next;
  return name;
}

bool NameAllocator::Take(absl::string_view name) {
  return taken_.insert(std::string(name)).second;
}

}  // namespace hone
