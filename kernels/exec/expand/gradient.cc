#include "kernels/exec/expand/gradient.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ir/autodiff/autodiff.h"
#include "ir/error/error.h"
#include "ir/graph/sort.h"
#include "ir/raise_opset/raise_opset.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/strings.h"

namespace hone {
namespace {

using Names = std::vector<std::string>;

// Appends the nodes that compute `y` once more, from `given` in place of the
// values they are keyed by; returns y's new name.
absl::StatusOr<std::string> ComputeAgain(
    Graph& graph, const std::string& y,
    absl::flat_hash_map<std::string, std::string> given) {
  absl::flat_hash_map<std::string, size_t> makers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& output : graph.nodes[i].outputs) {
      makers.emplace(output, i);
    }
  }
  std::vector<bool> needed(graph.nodes.size(), false);
  Names open = {y};
  while (!open.empty()) {
    const std::string value = std::move(open.back());
    open.pop_back();
    const auto maker = makers.find(value);
    if (given.contains(value) || maker == makers.end()) continue;
    if (needed[maker->second]) continue;
    needed[maker->second] = true;
    const Node& node = graph.nodes[maker->second];
    for (const Attribute& attribute : node.attributes) {
      if (attribute.kind != Attribute::Kind::kGraph) continue;
      return absl::UnimplementedError(absl::StrCat(
          "Gradient at other values of a part with ", node.op_type));
    }
    open.insert(open.end(), node.inputs.begin(), node.inputs.end());
  }
  NameAllocator names(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (!needed[i]) continue;
    Node again = graph.nodes[i];
    for (std::string& input : again.inputs) {
      const auto found = given.find(input);
      if (found != given.end()) input = found->second;
    }
    for (std::string& output : again.outputs) {
      if (output.empty()) continue;
      std::string fresh = names.Fresh(output);
      // An output that is given is made, too, but read by nobody.
      given.emplace(output, fresh);
      output = std::move(fresh);
    }
    graph.nodes.push_back(std::move(again));
  }
  return given.contains(y) ? given[y] : y;
}

absl::Status Replace(Model& model, const Node& node) {
  HONE_ASSIGN_OR_RETURN(Names xs, StringsAttribute(node, "xs"));
  HONE_ASSIGN_OR_RETURN(Names zs, StringsAttribute(node, "zs"));
  Names all = xs;
  all.insert(all.end(), zs.begin(), zs.end());
  std::string y = node.StringAttribute("y", "");
  if (node.inputs.size() != all.size() || node.outputs.size() > xs.size()) {
    return NodeError(
        node, "Gradient",
        absl::StrCat(all.size(), " inputs (xs and zs), at most ", xs.size(),
                     " outputs"),
        absl::StrCat(node.inputs.size(), " and ", node.outputs.size()));
  }
  if (node.inputs != all) {
    absl::flat_hash_map<std::string, std::string> given;
    for (size_t i = 0; i < all.size(); ++i) given[all[i]] = node.inputs[i];
    HONE_ASSIGN_OR_RETURN(y, ComputeAgain(model.graph, y, std::move(given)));
    HONE_RETURN_IF_ERROR(SortTopologically(&model));
    const auto split =
        node.inputs.begin() + static_cast<std::ptrdiff_t>(xs.size());
    xs.assign(node.inputs.begin(), split);
    zs.assign(split, node.inputs.end());
  }
  HONE_ASSIGN_OR_RETURN(Names gradients, AppendGradients(&model, y, xs, zs));
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    Node same;
    same.op_type = "Identity";
    same.name = NodeLabel(node);
    same.inputs = {std::move(gradients[i])};
    same.outputs = {node.outputs[i]};
    model.graph.nodes.push_back(std::move(same));
  }
  return SortTopologically(&model);
}

}  // namespace

bool IsGradient(const Node& node) {
  return node.domain == "ai.onnx.preview.training" &&
         node.op_type == "Gradient";
}

absl::Status ExpandGradients(Model& model) {
  std::vector<Node>& nodes = model.graph.nodes;
  if (std::none_of(nodes.begin(), nodes.end(), IsGradient)) {
    return absl::OkStatus();
  }
  if (model.Opset() < kGradientOpset) {
    HONE_ASSIGN_OR_RETURN(model, RaiseOpset(model, kGradientOpset));
  }
  // In order: a gradient's gradient comes after it.
  while (true) {
    std::vector<Node>& now = model.graph.nodes;
    const auto found = std::find_if(now.begin(), now.end(), IsGradient);
    if (found == now.end()) return absl::OkStatus();
    const Node node = *found;
    now.erase(found);
    HONE_RETURN_IF_ERROR(WithNode(Replace(model, node), NodeLabel(node)));
  }
}

}  // namespace hone
