#include "algorithms/bias_correction/shadow.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

class Maker {
 public:
  Maker(const Model& reference, const Model& quantized)
      : quantized_(quantized.graph),
        index_(quantized.graph),
        float_index_(reference.graph),
        names_(reference.graph) {
    shadow_.model = reference;
  }

  ShadowModel Make() {
    for (QuantizedLayer& layer : FindQuantizedLayers(quantized_)) {
      ShadowLayer shadow;
      shadow.float_node = float_index_.ProducerIndex(layer.output);
      shadow.layer = std::move(layer);
      if (shadow.float_node >= 0) AddLayer(&shadow);
      shadow_.layers.push_back(std::move(shadow));
    }
    return std::move(shadow_);
  }

 private:
  // A constant of the quantized graph under a name of the shadow's.
  std::string Constant(absl::string_view name) {
    const Tensor* tensor = index_.ConstantTensor(name);
    if (tensor == nullptr) return "";
    const std::string fresh = names_.Fresh(absl::StrCat(name, "_shadow"));
    shadow_.model.graph.initializers.push_back({fresh, *tensor, {}, {}, {}});
    return fresh;
  }

  std::string Append(absl::string_view op, std::vector<std::string> inputs,
                     absl::string_view stem) {
    Node node;
    node.op_type = std::string(op);
    node.inputs = std::move(inputs);
    node.outputs = {names_.Fresh(stem)};
    shadow_.model.graph.nodes.push_back(node);
    return node.outputs[0];
  }

  // A DequantizeLinear of the quantized graph, reading `input` (or its own
  // constant).
  std::string Dequantize(int node_index, std::string input) {
    Node node = quantized_.nodes[node_index];
    node.inputs[0] = input.empty() ? Constant(node.inputs[0]) : input;
    for (size_t i = 1; i < node.inputs.size(); ++i) {
      if (!node.inputs[i].empty()) node.inputs[i] = Constant(node.inputs[i]);
    }
    node.outputs[0] = names_.Fresh(absl::StrCat(node.outputs[0], "_shadow"));
    shadow_.model.graph.nodes.push_back(node);
    return node.outputs[0];
  }

  void AddLayer(ShadowLayer* shadow) {
    const QuantizedLayer& layer = shadow->layer;
    const Node& reader = quantized_.nodes[layer.input_dequantize];
    const std::string x =
        shadow_.model.graph.nodes[shadow->float_node].inputs[0];
    std::vector<std::string> inputs = {x, Constant(reader.Input(1))};
    if (!reader.Input(2).empty()) inputs.push_back(Constant(reader.Input(2)));
    const std::string integers = Append(
        "QuantizeLinear", inputs, absl::StrCat(layer.output, "_input_shadow"));
    Node node = quantized_.nodes[layer.node];
    node.inputs[0] = Dequantize(layer.input_dequantize, integers);
    node.inputs[1] = Dequantize(layer.weight_dequantize, "");
    if (!node.Input(2).empty()) {
      const int bias = index_.ProducerIndex(node.inputs[2]);
      node.inputs[2] =
          bias >= 0 && quantized_.nodes[bias].Is("DequantizeLinear")
              ? Dequantize(bias, "")
              : Constant(node.inputs[2]);
    }
    node.outputs[0] = names_.Fresh(absl::StrCat(layer.output, "_shadow"));
    shadow_.model.graph.nodes.push_back(node);
    shadow->error = Append("Sub", {layer.output, node.outputs[0]},
                           absl::StrCat(layer.output, "_error"));
    shadow->error_squared = Append("Mul", {shadow->error, shadow->error},
                                   absl::StrCat(layer.output, "_error2"));
    shadow->output_squared = Append("Mul", {layer.output, layer.output},
                                    absl::StrCat(layer.output, "_output2"));
  }

  const Graph& quantized_;
  const GraphIndex index_;
  const GraphIndex float_index_;
  NameAllocator names_;
  ShadowModel shadow_;
};

}  // namespace

ShadowModel MakeShadow(const Model& reference, const Model& quantized) {
  return Maker(reference, quantized).Make();
}

}  // namespace hone
