#include "algorithms/quantization/emit.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "algorithms/quantization/hard_gate.h"
#include "algorithms/quantization/node_maker.h"
#include "algorithms/quantization/weights.h"
#include "ir/error/error.h"

namespace hone {
namespace {

class Emitter {
 public:
  Emitter(const Model& model, const Placement& placement,
          const std::map<std::string, ActivationParams>& params,
          const PostTrainingOptions& options, bool per_channel, Device& device)
      : graph_(model.graph),
        index_(model.graph),
        placement_(placement),
        params_(params),
        integer_forms_(options.runtime == TargetRuntime::kOnnxRuntime),
        per_channel_(per_channel),
        device_(device),
        make_(model.graph, options.runtime == TargetRuntime::kTensorRt,
              &patch_) {}

  absl::StatusOr<Patch> Emit() {
    for (const ValueInfo& input : graph_.inputs) {
      QuantizeValue(input.name, input.name, &patch_.prologue);
    }
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      HONE_RETURN_IF_ERROR(EmitNode(static_cast<int>(i)));
    }
    return std::move(patch_);
  }

 private:
  struct Quantized {
    std::string name;  // of the integers
    NodeMaker::Names constants;
  };

  const ActivationParams& ParamsOfValue(const std::string& value) const {
    return params_.at(value);
  }

  // QuantizeLinear of `value`, computed as `computed`, where it is placed.
  void QuantizeValue(const std::string& value, const std::string& computed,
                     std::vector<Node>* out) {
    if (placement_.values.count(value) == 0) return;
    Quantized quantized;
    quantized.constants =
        make_.ActivationConstants(value, ParamsOfValue(value));
    quantized.name = make_.Fresh(absl::StrCat(value, "_quantized"));
    out->push_back(
        make_.Quantize(computed, quantized.constants, quantized.name));
    quantized_.emplace(value, std::move(quantized));
  }

  // A DequantizeLinear of its own for a reader; the name of its output.
  std::string Dequantized(const std::string& value, std::vector<Node>* out) {
    const Quantized& quantized = quantized_.at(value);
    const std::string name = make_.Fresh(absl::StrCat(value, "_dequantized"));
    out->push_back(make_.Dequantize(quantized.name, quantized.constants, name));
    return name;
  }

  // The node with every quantized input replaced by what it reads now.
  Node Rewired(int i, std::vector<Node>* out) {
    const NodePlacement& placed = placement_.nodes[i];
    Node node = graph_.nodes[i];
    for (size_t k = 0; k < node.inputs.size(); ++k) {
      const std::string& value = node.inputs[k];
      const auto found = placement_.values.find(value);
      if (found == placement_.values.end() || quantized_.count(value) == 0) {
        continue;
      }
      const bool integer_input =
          placed.quantized &&
          std::count(placed.inputs.begin(), placed.inputs.end(), k) > 0;
      if (integer_input || found->second.for_all_readers) {
        node.inputs[k] = Dequantized(value, out);
      }
    }
    return node;
  }

  absl::Status EmitNode(int i) {
    const NodePlacement& placed = placement_.nodes[i];
    const Node& original = graph_.nodes[i];
    ReportRow row{NodeLabel(original),
                  original.op_type,
                  placed.quantized ? "quantized" : "float",
                  placed.why,
                  {}};
    std::vector<Node> out;
    Node node = Rewired(i, &out);
    // A graph output that is quantized for all readers keeps its name on the
    // dequantized value.
    std::vector<std::pair<std::string, std::string>> outputs;
    for (std::string& output : node.outputs) {
      const std::string name = output;
      const auto found = placement_.values.find(name);
      if (found != placement_.values.end() && found->second.for_all_readers &&
          index_.IsGraphOutput(name)) {
        output = make_.Fresh(absl::StrCat(name, "_float"));
      }
      outputs.emplace_back(name, output);
    }
    if (placed.is_bias_add) {
      node = WithIntegerBias(i, std::move(node), &out, &row);
    }
    if (placed.quantized && placed.role == Role::kWeighted) {
      HONE_RETURN_IF_ERROR(EmitWeighted(i, std::move(node), &out, &row));
    } else if (placed.quantized && integer_forms_ &&
               EmitHardGate(node, original, &out)) {
      row.why = "as an integer Add and Clip, the factor in the scale";
    } else {
      out.push_back(std::move(node));
    }
    for (const auto& [name, computed] : outputs) {
      if (quantized_.count(name) == 0) QuantizeValue(name, computed, &out);
      if (name != computed) {
        const Quantized& quantized = quantized_.at(name);
        out.push_back(
            make_.Dequantize(quantized.name, quantized.constants, name));
      }
      const auto found = params_.find(name);
      if (found != params_.end()) {
        row.numbers.emplace_back("output_scale", found->second.scale);
        row.numbers.emplace_back("output_zero_point", found->second.zero_point);
      }
    }
    if (out.size() != 1 || !(out[0].inputs == original.inputs)) {
      patch_.Replace(i, std::move(out));
    }
    patch_.rows.push_back(std::move(row));
    return absl::OkStatus();
  }

  // What a weighted node's integers were scaled by; a bias added later needs
  // it.
  struct WeightedScales {
    float input = 1;
    std::vector<float> weight;
  };

  std::vector<float> BiasOf(absl::string_view name) const {
    const Tensor* tensor = index_.ConstantTensor(name);
    if (tensor == nullptr) return {};
    const Tensor aligned = tensor->Aligned();
    const auto values = aligned.Values<float>();
    return {values.begin(), values.end()};
  }

  absl::Status EmitWeighted(int i, Node node, std::vector<Node>* out,
                            ReportRow* row) {
    const NodePlacement& placed = placement_.nodes[i];
    const Node& original = graph_.nodes[i];
    const Tensor& weight = *index_.ConstantTensor(original.inputs[1]);
    int axis = 0;
    if (node.Is("MatMul") || node.Is("ConvTranspose") ||
        (node.Is("Gemm") && node.IntAttribute("transB", 0) == 0)) {
      axis = 1;
    }
    WeightedScales& scales = weighted_[i];
    scales.input = ParamsOfValue(original.inputs[0]).scale;
    std::vector<float> bias = BiasOf(original.Input(2));
    if (placed.bias_add >= 0) bias = BiasOfAdd(placed.bias_add);
    HONE_ASSIGN_OR_RETURN(
        const QuantizedWeight quantized,
        QuantizeWeight(weight,
                       per_channel_ ? std::optional<int>(axis) : std::nullopt,
                       placed.half_range, bias, scales.input, device_));
    scales.weight = quantized.scales;

    const std::string& stem = original.inputs[1];
    const int64_t n = static_cast<int64_t>(quantized.scales.size());
    NodeMaker::Names constants;
    if (per_channel_) {
      const std::vector<int8_t> zeros(n, 0);
      constants.scale =
          make_.Constant(absl::StrCat(stem, "_scale"),
                         Tensor::FromVector<float>(
                             {n}, absl::MakeConstSpan(quantized.scales)));
      constants.zero_point = make_.Constant(
          absl::StrCat(stem, "_zero_point"),
          Tensor::FromVector<int8_t>({n}, absl::MakeConstSpan(zeros)));
    } else {
      constants.scale = make_.Constant(absl::StrCat(stem, "_scale"),
                                       Tensor::Scalar(quantized.scales[0]));
      constants.zero_point = make_.Constant(absl::StrCat(stem, "_zero_point"),
                                            Tensor::Scalar<int8_t>(0));
    }
    const std::string integers =
        make_.Constant(absl::StrCat(stem, "_quantized"), quantized.values);
    node.inputs[1] = make_.Fresh(absl::StrCat(stem, "_dequantized"));
    out->push_back(make_.Dequantize(integers, constants, node.inputs[1],
                                    per_channel_ ? axis : -1));
    if (!original.Input(2).empty() && integer_forms_) {
      node.inputs[2] = IntegerBias(original.inputs[2], bias, scales, out);
    }
    out->push_back(std::move(node));

    const auto [least, greatest] =
        std::minmax_element(quantized.scales.begin(), quantized.scales.end());
    const ActivationParams& input = ParamsOfValue(original.inputs[0]);
    row->numbers = {{"input_scale", input.scale},
                    {"input_zero_point", input.zero_point},
                    {"weight_scale_min", *least},
                    {"weight_scale_max", *greatest}};
    if (placed.half_range) {
      row->why = "weights in half of int8's range (overflow_fix)";
    }
    return absl::OkStatus();
  }

  std::vector<float> BiasOfAdd(int add) const {
    const Node& node = graph_.nodes[add];
    return BiasOf(
        node.inputs[index_.ConstantTensor(node.inputs[0]) != nullptr ? 0 : 1]);
  }

  std::string IntegerBias(const std::string& stem,
                          const std::vector<float>& bias,
                          const WeightedScales& scales,
                          std::vector<Node>* out) {
    const QuantizedBias quantized =
        QuantizeBias(bias, scales.input, scales.weight);
    const NodeMaker::Names constants = {
        make_.Constant(absl::StrCat(stem, "_scale"), quantized.scales), ""};
    const std::string integers =
        make_.Constant(absl::StrCat(stem, "_quantized"), quantized.values);
    const std::string name = make_.Fresh(absl::StrCat(stem, "_dequantized"));
    out->push_back(make_.Dequantize(integers, constants, name,
                                    quantized.scales.rank() == 1 ? 0 : -1));
    return name;
  }

  // The Add after a quantized MatMul, with its constant as int32.
  Node WithIntegerBias(int i, Node node, std::vector<Node>* out,
                       ReportRow* row) {
    if (!integer_forms_) {
      row->why = "bias of a quantized MatMul, in float";
      return node;
    }
    int matmul = -1;
    for (size_t m = 0; m < placement_.nodes.size(); ++m) {
      if (placement_.nodes[m].bias_add == i) matmul = static_cast<int>(m);
    }
    const int side =
        index_.ConstantTensor(graph_.nodes[i].inputs[0]) != nullptr ? 0 : 1;
    node.inputs[side] = IntegerBias(graph_.nodes[i].inputs[side], BiasOfAdd(i),
                                    weighted_.at(matmul), out);
    row->done = "quantized";
    row->why = "bias of a quantized MatMul, as int32";
    return node;
  }

  // HardSwish and HardSigmoid in integer operators (hard_gate.h). False when
  // nothing reads the output quantized, or at a zero point that the form lacks.
  bool EmitHardGate(const Node& node, const Node& original,
                    std::vector<Node>* out) {
    const std::string& x = original.inputs[0];
    const std::string& y = original.outputs[0];
    if (placement_.values.count(y) == 0 || quantized_.count(x) == 0) {
      return false;
    }
    const ActivationParams& params = ParamsOfValue(y);
    Quantized quantized;
    if (node.Is("HardSwish")) {
      quantized.name = AppendHardSwish(y, node.inputs[0], Dequantized(x, out),
                                       params, &make_, out);
    } else if (IsHardGate(node) && params.zero_point == 0) {
      quantized.name =
          AppendHardSigmoid(original, node.inputs[0], params, &make_, out);
    } else {
      return false;
    }
    quantized.constants = make_.ActivationConstants(y, params);
    quantized_.emplace(y, std::move(quantized));
    return true;
  }

  const Graph& graph_;
  const GraphIndex index_;
  const Placement& placement_;
  const std::map<std::string, ActivationParams>& params_;
  const bool integer_forms_;
  const bool per_channel_;
  Device& device_;
  Patch patch_;
  NodeMaker make_;
  std::map<std::string, Quantized> quantized_;
  std::map<int, WeightedScales> weighted_;
};

}  // namespace

absl::StatusOr<Patch> EmitQuantized(
    const Model& model, const Placement& placement,
    const std::map<std::string, ActivationParams>& params,
    const PostTrainingOptions& options, bool per_channel, Device& device) {
  return Emitter(model, placement, params, options, per_channel, device).Emit();
}

}  // namespace hone
