#include "kernels/exec/fresh_names.h"

#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace hone {

FreshNames::FreshNames(const Graph& graph) { Collect(graph); }

void FreshNames::Collect(const Graph& graph) {
  for (const ValueInfo& input : graph.inputs) names_.insert(input.name);
  for (const Initializer& i : graph.initializers) names_.insert(i.name);
  for (const Node& node : graph.nodes) {
    names_.insert(node.outputs.begin(), node.outputs.end());
    for (const Attribute& attribute : node.attributes) {
      const auto* body =
          std::get_if<std::shared_ptr<const Graph>>(&attribute.data);
      if (body != nullptr && *body != nullptr) Collect(**body);
    }
  }
}

std::string FreshNames::Make(absl::string_view stem) {
  std::string name;
  do {
    name = absl::StrCat(stem, "/", next_++);
  } while (!names_.insert(name).second);
  return name;
}

}  // namespace hone
