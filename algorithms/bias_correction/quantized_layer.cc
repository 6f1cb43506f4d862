#include "algorithms/bias_correction/quantized_layer.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

constexpr double kGreatestLevel = 2147483647;

int DequantizeOf(const Graph& graph, const GraphIndex& index,
                 absl::string_view value) {
  const int producer = index.ProducerIndex(value);
  return producer >= 0 && graph.nodes[producer].Is("DequantizeLinear")
             ? producer
             : -1;
}

// The Add that alone reads a MatMul and adds a constant to it.
void FindAddedBias(const Graph& graph, const GraphIndex& index,
                   QuantizedLayer* layer) {
  const std::vector<int>& readers = index.Consumers(layer->output);
  if (readers.size() != 1 || index.IsGraphOutput(layer->output)) return;
  const Node& add = graph.nodes[readers[0]];
  if (!add.Is("Add") || add.inputs.size() != 2) return;
  const int side = add.inputs[0] == layer->output ? 1 : 0;
  const int dequantize = DequantizeOf(graph, index, add.inputs[side]);
  const Tensor* bias =
      index.ConstantTensor(dequantize < 0 ? absl::string_view(add.inputs[side])
                                          : graph.nodes[dequantize].Input(0));
  if (bias == nullptr || bias->size() != layer->channels || bias->rank() != 1) {
    return;
  }
  layer->bias_node = readers[0];
  layer->bias_input = side;
}

absl::Status Refused(const Graph& graph, const QuantizedLayer& layer,
                     absl::string_view what) {
  return MakeError(absl::StatusCode::kFailedPrecondition, what,
                   {.node = NodeLabel(graph.nodes[layer.node])});
}

std::vector<float> Floats(const Tensor& tensor) {
  const Tensor aligned = tensor.Aligned();
  const auto values = aligned.Values<float>();
  return {values.begin(), values.end()};
}

// The constant scales of a DequantizeLinear.
std::vector<float> ScalesOf(const Graph& graph, const GraphIndex& index,
                            int dequantize) {
  const Tensor* scale = index.ConstantTensor(graph.nodes[dequantize].Input(1));
  if (scale == nullptr || scale->dtype() != DType::kF32) return {};
  return Floats(*scale);
}

absl::StatusOr<Tensor> Shifted(const Graph& graph, const QuantizedLayer& layer,
                               const Tensor* levels,
                               absl::Span<const float> scales,
                               absl::Span<const float> shift) {
  std::vector<int32_t> moved(shift.size(), 0);
  if (levels != nullptr) {
    const Tensor aligned = levels->Aligned();
    const auto values = aligned.Values<int32_t>();
    moved.assign(values.begin(), values.end());
  }
  for (size_t c = 0; c < shift.size(); ++c) {
    const double scale = scales[scales.size() > 1 ? c : 0];
    const double level =
        moved[c] + std::nearbyint(static_cast<double>(shift[c]) / scale);
    if (!(std::fabs(level) <= kGreatestLevel)) {
      return Refused(graph, layer, "the corrected bias does not fit int32");
    }
    moved[c] = static_cast<int32_t>(level);
  }
  return Tensor::FromVector<int32_t>({static_cast<int64_t>(moved.size())},
                                     absl::MakeConstSpan(moved));
}

class Shifter {
 public:
  Shifter(const Graph& graph, const QuantizedLayer& layer,
          absl::Span<const float> shift, bool integer_bias)
      : graph_(graph),
        index_(graph),
        layer_(layer),
        shift_(shift),
        integer_bias_(integer_bias),
        stem_(absl::StrCat(layer.output, "_bias")),
        names_(graph) {}

  absl::StatusOr<Patch> Shift() {
    if (static_cast<int64_t>(shift_.size()) != layer_.channels) {
      return Refused(graph_, layer_,
                     "the shift has another number of channels");
    }
    if (layer_.bias_input < 0) {
      HONE_RETURN_IF_ERROR(NewBias());
    } else {
      HONE_RETURN_IF_ERROR(OldBias());
    }
    return std::move(patch_);
  }

 private:
  absl::Status OldBias() {
    const Node& node = graph_.nodes[layer_.bias_node];
    const std::string& bias = node.inputs[layer_.bias_input];
    const int dequantize = DequantizeOf(graph_, index_, bias);
    const Tensor* constant = index_.ConstantTensor(
        dequantize < 0 ? absl::string_view(bias)
                       : graph_.nodes[dequantize].Input(0));
    if (constant == nullptr || constant->size() != layer_.channels) {
      return Refused(graph_, layer_, "its bias is not one constant a channel");
    }
    Node reader = node;
    std::vector<Node> out;
    if (dequantize < 0) {
      if (constant->dtype() != DType::kF32) {
        return Refused(graph_, layer_, "its bias is not float32");
      }
      std::vector<float> moved = Floats(*constant);
      for (size_t c = 0; c < moved.size(); ++c) moved[c] += shift_[c];
      reader.inputs[layer_.bias_input] =
          Constant(stem_, Tensor::FromVector<float>(
                              constant->dims(), absl::MakeConstSpan(moved)));
    } else {
      const std::vector<float> scales = ScalesOf(graph_, index_, dequantize);
      if (constant->dtype() != DType::kS32 || scales.empty()) {
        return Refused(graph_, layer_, "its bias is not int32");
      }
      HONE_ASSIGN_OR_RETURN(const Tensor moved,
                            Shifted(graph_, layer_, constant, scales, shift_));
      Node read = graph_.nodes[dequantize];
      read.inputs[0] = Constant(absl::StrCat(stem_, "_quantized"), moved);
      read.outputs[0] = names_.Fresh(absl::StrCat(stem_, "_dequantized"));
      read.name = read.outputs[0];
      reader.inputs[layer_.bias_input] = read.outputs[0];
      out.push_back(std::move(read));
      // The bias's own reader is gone, unless another node reads it too.
      if (index_.Consumers(bias).size() == 1 && !index_.IsGraphOutput(bias)) {
        patch_.Replace(dequantize, {});
      }
    }
    out.push_back(std::move(reader));
    patch_.Replace(layer_.bias_node, std::move(out));
    return absl::OkStatus();
  }

  absl::Status NewBias() {
    std::vector<Node> out;
    std::string bias;
    if (integer_bias_) {
      const std::vector<float> input =
          ScalesOf(graph_, index_, layer_.input_dequantize);
      std::vector<float> scales =
          ScalesOf(graph_, index_, layer_.weight_dequantize);
      if (input.size() != 1 || scales.empty()) {
        return Refused(graph_, layer_, "its scales are not constant");
      }
      for (float& scale : scales) scale *= input[0];
      HONE_ASSIGN_OR_RETURN(const Tensor levels,
                            Shifted(graph_, layer_, nullptr, scales, shift_));
      const bool per_channel = scales.size() > 1 || layer_.channels == 1;
      Node read;
      read.op_type = "DequantizeLinear";
      read.inputs = {
          Constant(absl::StrCat(stem_, "_quantized"), levels),
          Constant(absl::StrCat(stem_, "_scale"),
                   per_channel ? Tensor::FromVector<float>(
                                     {static_cast<int64_t>(scales.size())},
                                     absl::MakeConstSpan(scales))
                               : Tensor::Scalar<float>(scales[0]))};
      bias = names_.Fresh(absl::StrCat(stem_, "_dequantized"));
      read.outputs = {bias};
      read.name = bias;
      if (per_channel) read.SetAttribute(Attribute::Int("axis", 0));
      out.push_back(std::move(read));
    } else {
      bias =
          Constant(stem_, Tensor::FromVector<float>({layer_.channels}, shift_));
    }
    Node node = graph_.nodes[layer_.node];
    if (!node.Is("MatMul")) {
      node.inputs.resize(3);
      node.inputs[2] = bias;
      out.push_back(std::move(node));
    } else {
      Node add;
      add.op_type = "Add";
      add.name = names_.Fresh(absl::StrCat(layer_.output, "_corrected"));
      node.outputs[0] = names_.Fresh(absl::StrCat(layer_.output, "_product"));
      add.inputs = {node.outputs[0], bias};
      add.outputs = {layer_.output};
      out.push_back(std::move(node));
      out.push_back(std::move(add));
    }
    patch_.Replace(layer_.node, std::move(out));
    return absl::OkStatus();
  }

  std::string Constant(absl::string_view stem, Tensor tensor) {
    const std::string name = names_.Fresh(stem);
    patch_.SetInitializer(name, std::move(tensor));
    return name;
  }

  const Graph& graph_;
  const GraphIndex index_;
  const QuantizedLayer& layer_;
  const absl::Span<const float> shift_;
  const bool integer_bias_;
  // Patches of several layers are applied together: a layer's output is a stem
  // that no other layer has.
  const std::string stem_;
  NameAllocator names_;
  Patch patch_;
};

}  // namespace

std::vector<QuantizedLayer> FindQuantizedLayers(const Graph& graph) {
  const GraphIndex index(graph);
  std::vector<QuantizedLayer> layers;
  for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
    const Node& node = graph.nodes[i];
    if (!node.Is("Conv") && !node.Is("Gemm") && !node.Is("MatMul")) continue;
    QuantizedLayer layer;
    layer.node = i;
    layer.output = node.outputs[0];
    layer.input_dequantize = DequantizeOf(graph, index, node.Input(0));
    layer.weight_dequantize = DequantizeOf(graph, index, node.Input(1));
    if (layer.input_dequantize < 0 || layer.weight_dequantize < 0) continue;
    const Tensor* weight =
        index.ConstantTensor(graph.nodes[layer.weight_dequantize].Input(0));
    if (weight == nullptr || weight->rank() < 2) continue;
    const bool by_rows =
        node.Is("Conv") ||
        (node.Is("Gemm") && node.IntAttribute("transB", 0) != 0);
    layer.channels = weight->dims()[by_rows ? 0 : 1];
    layer.last_axis = node.Is("MatMul");
    layer.bias_node = i;
    if (node.Is("MatMul")) {
      if (weight->rank() != 2) continue;
      FindAddedBias(graph, index, &layer);
    } else if (!node.Input(2).empty()) {
      layer.bias_input = 2;
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

absl::StatusOr<Patch> ShiftBias(const Graph& graph, const QuantizedLayer& layer,
                                absl::Span<const float> shift,
                                bool integer_bias) {
  return Shifter(graph, layer, shift, integer_bias).Shift();
}

}  // namespace hone
