#include "algorithms/quantization/hard_gate.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

constexpr float kDefaultAlpha = 0.2f;  // HardSigmoid's, by ONNX
constexpr float kDefaultBeta = 0.5f;

// Clip(x + shift, 0, top), as Add and Clip. The shift is a quantized constant
// of uint8, like the Add's other operand. Returns the name of the float result.
std::string AppendGate(const std::string& y, const std::string& x, float shift,
                       float top, NodeMaker* make, std::vector<Node>* out) {
  const NodeMaker::Names constants =
      make->ActivationConstants(absl::StrCat(y, "_shift"), {shift, 0});
  const std::string integers =
      make->Constant(absl::StrCat(y, "_shift"), Tensor::Scalar<uint8_t>(1));
  const std::string read = make->Fresh(absl::StrCat(y, "_shift_dequantized"));
  out->push_back(make->Dequantize(integers, constants, read));
  const std::string sum = make->Fresh(absl::StrCat(y, "_sum"));
  out->push_back(NodeMaker::Make("Add", {x, read}, sum));
  const std::string gate = make->Fresh(absl::StrCat(y, "_gate"));
  const std::string low =
      make->Constant(absl::StrCat(y, "_low"), Tensor::Scalar(0.f));
  const std::string high =
      make->Constant(absl::StrCat(y, "_high"), Tensor::Scalar(top));
  out->push_back(NodeMaker::Make("Clip", {sum, low, high}, gate));
  return gate;
}

}  // namespace

bool IsHardGate(const Node& node) {
  return node.Is("HardSigmoid") &&
         node.FloatAttribute("alpha", kDefaultAlpha) > 0 &&
         node.FloatAttribute("beta", kDefaultBeta) > 0;
}

std::string AppendHardSigmoid(const Node& node, const std::string& x,
                              const ActivationParams& params, NodeMaker* make,
                              std::vector<Node>* out) {
  const std::string& y = node.outputs[0];
  const float alpha = node.FloatAttribute("alpha", kDefaultAlpha);
  const float beta = node.FloatAttribute("beta", kDefaultBeta);
  const std::string gate = AppendGate(y, x, beta / alpha, 1 / alpha, make, out);
  const NodeMaker::Names wide =
      make->ActivationConstants(gate, {params.scale / alpha, 0});
  const std::string integers = make->Fresh(absl::StrCat(y, "_quantized"));
  out->push_back(make->Quantize(gate, wide, integers));
  return integers;
}

std::string AppendHardSwish(const std::string& y, const std::string& x,
                            const std::string& x_again,
                            const ActivationParams& params, NodeMaker* make,
                            std::vector<Node>* out) {
  const std::string gate = AppendGate(y, x, 3, 6, make, out);
  const NodeMaker::Names gate_names =
      make->ActivationConstants(gate, {6.f / 255.f, 0});
  const std::string gate_integers =
      make->Fresh(absl::StrCat(gate, "_quantized"));
  out->push_back(make->Quantize(gate, gate_names, gate_integers));
  const std::string gate_read = make->Fresh(absl::StrCat(gate, "_dequantized"));
  out->push_back(make->Dequantize(gate_integers, gate_names, gate_read));
  const std::string product = make->Fresh(absl::StrCat(y, "_product"));
  out->push_back(NodeMaker::Make("Mul", {x_again, gate_read}, product));
  const NodeMaker::Names wide =
      make->ActivationConstants(product, {params.scale * 6, params.zero_point});
  const std::string integers = make->Fresh(absl::StrCat(y, "_quantized"));
  out->push_back(make->Quantize(product, wide, integers));
  return integers;
}

}  // namespace hone
