#include "ir/graph/sort.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"

namespace hone {
namespace {

// Of the nodes that could not be placed, one that waits for itself: following
// what each waits for must come around.
absl::Status CycleError(const std::vector<Node>& nodes,
                        const std::vector<std::vector<int>>& producers,
                        const std::vector<int>& waiting_for) {
  const auto stuck = [&](int i) {
    return waiting_for[static_cast<size_t>(i)] > 0;
  };
  int at = 0;
  while (!stuck(at)) ++at;
  std::vector<bool> seen(nodes.size(), false);
  while (!seen[static_cast<size_t>(at)]) {
    seen[static_cast<size_t>(at)] = true;
    for (const int producer : producers[static_cast<size_t>(at)]) {
      if (stuck(producer)) {
        at = producer;
        break;
      }
    }
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "a cycle",
                   {.node = NodeLabel(nodes[static_cast<size_t>(at)]),
                    .expected = "an acyclic graph",
                    .found = "a node that needs its own output"});
}

// True: the nodes, or those of a subgraph, have changed places.
absl::StatusOr<bool> SortNodes(std::vector<Node>* nodes);

// A graph already in order stays shared.
absl::StatusOr<bool> SortSubgraph(std::shared_ptr<const Graph>* graph) {
  Graph sorted = **graph;
  HONE_ASSIGN_OR_RETURN(const bool changed, SortNodes(&sorted.nodes));
  if (changed) *graph = std::make_shared<const Graph>(std::move(sorted));
  return changed;
}

absl::StatusOr<bool> SortSubgraphs(Attribute* attribute) {
  if (auto* graph =
          std::get_if<std::shared_ptr<const Graph>>(&attribute->data)) {
    return SortSubgraph(graph);
  }
  bool changed = false;
  if (auto* graphs = std::get_if<std::vector<std::shared_ptr<const Graph>>>(
          &attribute->data)) {
    for (auto& each : *graphs) {
      HONE_ASSIGN_OR_RETURN(const bool one, SortSubgraph(&each));
      changed = changed || one;
    }
  }
  return changed;
}

absl::StatusOr<bool> SortNodes(std::vector<Node>* nodes) {
  bool changed = false;
  for (Node& node : *nodes) {
    for (Attribute& attribute : node.attributes) {
      HONE_ASSIGN_OR_RETURN(const bool one, SortSubgraphs(&attribute));
      changed = changed || one;
    }
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<int> order, TopologicalOrder(*nodes));
  if (std::is_sorted(order.begin(), order.end())) return changed;
  std::vector<Node> sorted;
  sorted.reserve(nodes->size());
  for (const int i : order) {
    sorted.push_back(std::move((*nodes)[static_cast<size_t>(i)]));
  }
  *nodes = std::move(sorted);
  return true;
}

}  // namespace

absl::StatusOr<std::vector<int>> TopologicalOrder(
    const std::vector<Node>& nodes) {
  absl::flat_hash_map<absl::string_view, int> makers;
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& output : nodes[i].outputs) {
      if (!output.empty()) makers.emplace(output, static_cast<int>(i));
    }
  }
  std::vector<std::vector<int>> producers(nodes.size());
  std::vector<std::vector<int>> consumers(nodes.size());
  std::vector<int> waiting_for(nodes.size(), 0);
  for (size_t i = 0; i < nodes.size(); ++i) {
    ForEachRead(nodes[i], [&](absl::string_view value) {
      const auto maker = makers.find(value);
      if (maker == makers.end()) return;
      producers[i].push_back(maker->second);
      consumers[static_cast<size_t>(maker->second)].push_back(
          static_cast<int>(i));
      ++waiting_for[i];
    });
  }
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (waiting_for[i] == 0) ready.push(static_cast<int>(i));
  }
  std::vector<int> order;
  order.reserve(nodes.size());
  while (!ready.empty()) {
    const int next = ready.top();
    ready.pop();
    order.push_back(next);
    for (const int consumer : consumers[static_cast<size_t>(next)]) {
      if (--waiting_for[static_cast<size_t>(consumer)] == 0) {
        ready.push(consumer);
      }
    }
  }
  if (order.size() < nodes.size()) {
    return CycleError(nodes, producers, waiting_for);
  }
  return order;
}

absl::Status SortTopologically(Model* model) {
  HONE_RETURN_IF_ERROR(SortNodes(&model->graph.nodes).status());
  for (Function& function : model->functions) {
    HONE_RETURN_IF_ERROR(SortNodes(&function.nodes).status());
  }
  return absl::OkStatus();
}

}  // namespace hone
