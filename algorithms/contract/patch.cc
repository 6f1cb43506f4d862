#include "algorithms/contract/patch.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {
namespace {

using Names = absl::flat_hash_set<std::string>;

Names ReadValues(const Graph& graph) {
  Names read;
  for (const Node& node : graph.nodes) {
    ForEachRead(
        node, [&](absl::string_view name) { read.insert(std::string(name)); });
  }
  for (const ValueInfo& output : graph.outputs) read.insert(output.name);
  return read;
}

}  // namespace

void Patch::Replace(int index, std::vector<Node> nodes) {
  replacements[index] = std::move(nodes);
}

void Patch::SetInitializer(absl::string_view name, Tensor tensor) {
  initializers[std::string(name)] = std::move(tensor);
}

void DropUnreadConstants(const Graph& before, Graph* graph) {
  const Names read_before = ReadValues(before);
  Names kept_names = ReadValues(*graph);
  // An initializer that is an input's default must stay, or the input would
  // have to be fed.
  for (const ValueInfo& input : graph->inputs) kept_names.insert(input.name);
  const auto lost = [&](const std::string& name) {
    return read_before.contains(name) && !kept_names.contains(name);
  };
  std::vector<Initializer> kept;
  for (Initializer& initializer : graph->initializers) {
    if (!lost(initializer.name)) kept.push_back(std::move(initializer));
  }
  graph->initializers = std::move(kept);
  std::vector<Node> alive;
  for (Node& node : graph->nodes) {
    const bool dead = node.Is("Constant") && node.outputs.size() == 1 &&
                      lost(node.outputs[0]);
    if (!dead) alive.push_back(std::move(node));
  }
  graph->nodes = std::move(alive);
}

absl::Status ApplyPatch(const Patch& patch, Model* model) {
  Graph& graph = model->graph;
  const int count = static_cast<int>(graph.nodes.size());
  for (const auto& [index, nodes] : patch.replacements) {
    if (index < 0 || index >= count) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "a patch names a node that is not there",
                       {.expected = absl::StrCat("0 to ", count - 1),
                        .found = absl::StrCat(index)});
    }
  }
  const Graph before = graph;  // weights are shared
  std::vector<Node> nodes = patch.prologue;
  for (int i = 0; i < count; ++i) {
    const auto found = patch.replacements.find(i);
    if (found == patch.replacements.end()) {
      nodes.push_back(std::move(graph.nodes[i]));
    } else {
      nodes.insert(nodes.end(), found->second.begin(), found->second.end());
    }
  }
  graph.nodes = std::move(nodes);

  absl::flat_hash_map<std::string, size_t> places;
  for (size_t i = 0; i < graph.initializers.size(); ++i) {
    places[graph.initializers[i].name] = i;
  }
  for (const auto& [name, tensor] : patch.initializers) {
    const auto place = places.find(name);
    if (place != places.end()) {
      graph.initializers[place->second].tensor = tensor;
    } else {
      graph.initializers.push_back({name, tensor, {}, {}, {}});
    }
  }

  DropUnreadConstants(before, &graph);
  return absl::OkStatus();
}

}  // namespace hone
