#include "algorithms/subgraph/segments.h"

#include <algorithm>
#include <set>

#include "absl/container/flat_hash_set.h"

namespace hone {

absl::flat_hash_map<std::string, Lifetime> Lifetimes(const Graph& graph) {
  absl::flat_hash_map<std::string, Lifetime> lives;
  absl::flat_hash_set<std::string> constants;
  for (const Initializer& initializer : graph.initializers) {
    constants.insert(initializer.name);
  }
  for (const ValueInfo& input : graph.inputs) {
    if (!constants.contains(input.name)) lives[input.name] = {};
  }
  for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
    bool depends = false;
    ForEachRead(graph.nodes[i], [&](absl::string_view name) {
      const auto found = lives.find(name);
      if (found == lives.end()) return;
      depends = true;
      found->second.last = i;
    });
    if (!depends) continue;
    for (const std::string& output : graph.nodes[i].outputs) {
      if (!output.empty()) lives[output] = {i, -1};
    }
  }
  for (const ValueInfo& output : graph.outputs) {
    const auto found = lives.find(output.name);
    if (found != lives.end()) {
      found->second.last = static_cast<int>(graph.nodes.size());
    }
  }
  return lives;
}

std::vector<Segment> CutAfter(const Graph& graph,
                              absl::Span<const int> last_nodes) {
  const auto lives = Lifetimes(graph);
  std::vector<Segment> segments;
  int begin = 0;
  for (const int last : last_nodes) {
    Segment segment;
    segment.begin = begin;
    segment.end = last + 1;
    std::set<std::string> inputs, outputs;
    for (int i = begin; i < segment.end; ++i) {
      ForEachRead(graph.nodes[i], [&](absl::string_view name) {
        const auto found = lives.find(name);
        if (found != lives.end() && found->second.made < begin) {
          inputs.insert(std::string(name));
        }
      });
      for (const std::string& output : graph.nodes[i].outputs) {
        const auto found = lives.find(output);
        if (found != lives.end() && found->second.last >= segment.end) {
          outputs.insert(output);
        }
      }
    }
    segment.inputs.assign(inputs.begin(), inputs.end());
    segment.outputs.assign(outputs.begin(), outputs.end());
    segments.push_back(std::move(segment));
    begin = segments.back().end;
  }
  return segments;
}

}  // namespace hone
