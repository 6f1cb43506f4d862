#include "algorithms/subgraph/extract.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "ir/error/error.h"

namespace hone {
namespace {

ValueInfo InfoOf(const std::string& name, const InferredTypes& types) {
  ValueInfo info;
  info.name = name;
  info.type = types.TypeOf(name);
  return info;
}

}  // namespace

absl::StatusOr<Model> ExtractSubgraph(const Model& model,
                                      const InferredTypes& types,
                                      absl::Span<const std::string> inputs,
                                      absl::Span<const std::string> outputs) {
  const Graph& graph = model.graph;
  Model part;
  part.ir_version = model.ir_version;
  part.opsets = model.opsets;
  part.functions = model.functions;
  part.graph.name = graph.name;
  absl::flat_hash_set<std::string> wanted(outputs.begin(), outputs.end());
  const absl::flat_hash_set<std::string> given(inputs.begin(), inputs.end());
  std::vector<const Node*> kept;  // last first
  absl::flat_hash_set<std::string> made;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    bool needed = false;
    for (const std::string& output : node->outputs) {
      needed |= wanted.contains(output) && !given.contains(output);
    }
    if (!needed) continue;
    kept.push_back(&*node);
    made.insert(node->outputs.begin(), node->outputs.end());
    ForEachRead(*node, [&](absl::string_view name) {
      wanted.insert(std::string(name));
    });
  }
  for (auto node = kept.rbegin(); node != kept.rend(); ++node) {
    part.graph.nodes.push_back(**node);
    // A given value may be among a kept node's outputs: it is computed under
    // another name that nobody reads.
    for (std::string& output : part.graph.nodes.back().outputs) {
      if (given.contains(output)) output.clear();
    }
  }
  for (const Initializer& initializer : graph.initializers) {
    if (wanted.contains(initializer.name) &&
        !given.contains(initializer.name)) {
      part.graph.initializers.push_back(initializer);
      made.insert(initializer.name);
    }
  }
  wanted.erase("");
  for (const std::string& name : wanted) {
    if (made.contains(name) || given.contains(name)) continue;
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        "a part of a graph needs a value that is not given",
        {.expected = "an input, a constant or a node's output", .found = name});
  }
  for (const std::string& name : inputs) {
    part.graph.inputs.push_back(InfoOf(name, types));
  }
  for (const std::string& name : outputs) {
    part.graph.outputs.push_back(InfoOf(name, types));
  }
  return part;
}

}  // namespace hone
