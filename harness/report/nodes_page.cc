#include "harness/report/nodes_page.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "harness/report/html.h"

namespace hone::harness {

std::string NodesPage(const std::string& title, const Json& result) {
  std::vector<std::pair<std::string, std::string>> facts;
  for (const auto& [key, value] : result.items()) {
    if (key != "nodes") facts.emplace_back(key, PlainText(value));
  }
  std::string body =
      absl::StrCat("<h1>", Escape(title), "</h1>\n", Facts(facts));
  const auto nodes = result.find("nodes");
  if (nodes != result.end() && nodes->is_array() && !nodes->empty()) {
    std::map<std::string, int> counts;
    for (const Json& node : *nodes) {
      if (node.contains("done")) ++counts[PlainText(node["done"])];
    }
    std::string summary;
    for (const auto& [done, count] : counts) {
      absl::StrAppend(&summary, summary.empty() ? "" : ", ", count, " ", done);
    }
    absl::StrAppend(&body, "<h2>Nodes</h2>\n<p class=\"dim\">", Escape(summary),
                    "</p>\n", NodesTable(*nodes));
  }
  return Page(title, body);
}

}  // namespace hone::harness
