#include "ir/rewrite/remove_dead.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace hone {

int RemoveDeadNodes(Graph* graph) {
  absl::flat_hash_set<std::string> read;
  for (const ValueInfo& output : graph->outputs) read.insert(output.name);
  std::vector<bool> live(graph->nodes.size(), false);
  // Readers come after makers, so that one pass from the end settles all.
  for (size_t i = graph->nodes.size(); i-- > 0;) {
    const Node& node = graph->nodes[i];
    live[i] = std::any_of(
        node.outputs.begin(), node.outputs.end(),
        [&read](const std::string& name) { return read.contains(name); });
    if (!live[i]) continue;
    ForEachRead(node, [&read](absl::string_view name) {
      read.insert(std::string(name));
    });
  }
  std::vector<Node> kept;
  absl::flat_hash_set<std::string> gone;
  for (size_t i = 0; i < live.size(); ++i) {
    if (live[i]) {
      kept.push_back(std::move(graph->nodes[i]));
    } else {
      gone.insert(graph->nodes[i].outputs.begin(),
                  graph->nodes[i].outputs.end());
    }
  }
  const int removed = static_cast<int>(graph->nodes.size() - kept.size());
  graph->nodes = std::move(kept);
  for (const ValueInfo& input : graph->inputs) read.insert(input.name);
  std::vector<Initializer>& inits = graph->initializers;
  inits.erase(std::remove_if(inits.begin(), inits.end(),
                             [&](const Initializer& init) {
                               if (read.contains(init.name)) return false;
                               gone.insert(init.name);
                               return true;
                             }),
              inits.end());
  std::vector<ValueInfo>& infos = graph->value_infos;
  infos.erase(std::remove_if(infos.begin(), infos.end(),
                             [&gone](const ValueInfo& info) {
                               return gone.contains(info.name);
                             }),
              infos.end());
  return removed;
}

}  // namespace hone
