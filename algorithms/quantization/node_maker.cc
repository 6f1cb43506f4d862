#include "algorithms/quantization/node_maker.h"

#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace hone {
namespace {

void CollectNames(const Graph& graph, absl::flat_hash_set<std::string>* names) {
  for (const ValueInfo& input : graph.inputs) names->insert(input.name);
  for (const ValueInfo& output : graph.outputs) names->insert(output.name);
  for (const Initializer& initializer : graph.initializers) {
    names->insert(initializer.name);
  }
  for (const Node& node : graph.nodes) {
    names->insert(node.inputs.begin(), node.inputs.end());
    names->insert(node.outputs.begin(), node.outputs.end());
    for (const Attribute& attribute : node.attributes) {
      using Subgraph = std::shared_ptr<const Graph>;
      if (const auto* one = std::get_if<Subgraph>(&attribute.data)) {
        CollectNames(**one, names);
      }
      if (const auto* all =
              std::get_if<std::vector<Subgraph>>(&attribute.data)) {
        for (const Subgraph& one : *all) CollectNames(*one, names);
      }
    }
  }
}

}  // namespace

NodeMaker::NodeMaker(const Graph& graph, bool signed_activations, Patch* patch)
    : signed_activations_(signed_activations), patch_(patch) {
  CollectNames(graph, &names_);
}

std::string NodeMaker::Fresh(absl::string_view stem) {
  std::string name(stem);
  for (int i = 1; !names_.insert(name).second; ++i) {
    name = absl::StrCat(stem, "_", i);
  }
  return name;
}

std::string NodeMaker::Constant(absl::string_view stem, Tensor tensor) {
  std::string name = Fresh(stem);
  patch_->SetInitializer(name, std::move(tensor));
  return name;
}

NodeMaker::Names NodeMaker::ActivationConstants(
    absl::string_view stem, const ActivationParams& params) {
  Tensor zero_point =
      signed_activations_
          ? Tensor::Scalar<int8_t>(0)
          : Tensor::Scalar<uint8_t>(static_cast<uint8_t>(params.zero_point));
  return {Constant(absl::StrCat(stem, "_scale"),
                   Tensor::Scalar<float>(params.scale)),
          Constant(absl::StrCat(stem, "_zero_point"), std::move(zero_point))};
}

Node NodeMaker::Make(absl::string_view op, std::vector<std::string> inputs,
                     const std::string& output) {
  Node node;
  node.op_type = std::string(op);
  node.name = output;
  node.inputs = std::move(inputs);
  node.outputs = {output};
  return node;
}

Node NodeMaker::Quantize(const std::string& input, const Names& constants,
                         const std::string& output) {
  return Make("QuantizeLinear", {input, constants.scale, constants.zero_point},
              output);
}

Node NodeMaker::Dequantize(const std::string& input, const Names& constants,
                           const std::string& output, int64_t axis) {
  std::vector<std::string> inputs = {input, constants.scale};
  if (!constants.zero_point.empty()) inputs.push_back(constants.zero_point);
  Node node = Make("DequantizeLinear", std::move(inputs), output);
  if (axis >= 0) node.SetAttribute(Attribute::Int("axis", axis));
  return node;
}

}  // namespace hone
