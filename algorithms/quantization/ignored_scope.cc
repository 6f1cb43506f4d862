#include "algorithms/quantization/ignored_scope.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "algorithms/quantization/pattern.h"
#include "ir/error/error.h"

namespace hone {

absl::StatusOr<std::vector<std::string>> MatchIgnoredScope(
    const Graph& graph, const IgnoredScope& scope) {
  std::vector<std::string> why(graph.nodes.size());
  const auto mark =
      [&](absl::string_view kind, const std::string& entry,
          const std::function<bool(const Node&)>& matches) -> absl::Status {
    bool any = false;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      if (!matches(graph.nodes[i])) continue;
      any = true;
      if (why[i].empty()) {
        why[i] = absl::StrCat("ignored scope: ", kind, " ", entry);
      }
    }
    if (any || !scope.validate) return absl::OkStatus();
    return MakeError(absl::StatusCode::kNotFound,
                     absl::StrCat("ignored scope: ", kind, " matches no node"),
                     {.found = entry});
  };
  for (const std::string& name : scope.names) {
    HONE_RETURN_IF_ERROR(mark("name", name, [&](const Node& node) {
      return NodeLabel(node) == name;
    }));
  }
  for (const std::string& pattern : scope.patterns) {
    HONE_ASSIGN_OR_RETURN(const Pattern compiled, Pattern::Of(pattern));
    HONE_RETURN_IF_ERROR(mark("pattern", pattern, [&](const Node& node) {
      return compiled.Matches(NodeLabel(node));
    }));
  }
  for (const std::string& type : scope.types) {
    HONE_RETURN_IF_ERROR(mark(
        "type", type, [&](const Node& node) { return node.op_type == type; }));
  }
  return why;
}

}  // namespace hone
