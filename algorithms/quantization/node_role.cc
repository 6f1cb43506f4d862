#include "algorithms/quantization/node_role.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "algorithms/fold/linear_affine.h"
#include "algorithms/quantization/hard_gate.h"
#include "ir/views/attributes.h"
#include "ir/views/clip_view.h"
#include "kernels/cpu/minmax/minmax.h"

namespace hone {
namespace {

using Texts = absl::flat_hash_map<absl::string_view, absl::string_view>;

const absl::flat_hash_set<absl::string_view>& Carriers() {
  static const auto& set = *new absl::flat_hash_set<absl::string_view>{
      "DepthToSpace", "Dropout",      "Expand",    "Flatten",
      "Gather",       "Identity",     "MaxPool",   "Reshape",
      "Slice",        "SpaceToDepth", "Split",     "Squeeze",
      "Tile",         "Transpose",    "Unsqueeze", "GlobalMaxPool"};
  return set;
}

const absl::flat_hash_set<absl::string_view>& Shapes() {
  static const auto& set = *new absl::flat_hash_set<absl::string_view>{
      "Cast", "Constant", "ConstantOfShape", "Range", "Shape", "Size"};
  return set;
}

// Measured between two integer convolutions in ONNX Runtime 1.31.
const Texts& NeverPaid() {
  static const auto& texts = *new Texts{
      {"AveragePool", "slower with integers in ONNX Runtime"},
      {"BatchNormalization", "slower with integers in ONNX Runtime"},
      {"ConvTranspose", "slower with integers in ONNX Runtime"},
      {"Gelu", "slower with integers in ONNX Runtime"},
      {"LayerNormalization", "normalizes in float32"},
      {"PRelu", "slower with integers in ONNX Runtime"},
      {"Pad", "slower with integers in ONNX Runtime"},
      {"ReduceMean", "slower with integers in ONNX Runtime"},
      {"Resize", "slower with integers in ONNX Runtime"},
      {"Softmax", "its output needs float32's resolution"},
      {"Sub", "slower with integers in ONNX Runtime"},
      {"Tanh", "slower with integers in ONNX Runtime"},
  };
  return texts;
}

NodeRole Float(absl::string_view why) {
  return {Role::kFloat, std::string(why), {}};
}

bool IsConstant(const GraphIndex& index, absl::string_view name) {
  return index.ConstantTensor(name) != nullptr;
}

NodeRole WeightedRole(const GraphIndex& index, const Node& node) {
  const Tensor* weight = FixedConstant(index, node.Input(1));
  if (weight == nullptr) {
    return Float(IsConstant(index, node.Input(0))
                     ? "its weight is the left factor"
                     : "both inputs are activations: no weight to quantize");
  }
  if (weight->dtype() != DType::kF32) {
    return Float(absl::StrCat("its weight is ", DTypeName(weight->dtype()),
                              ", not float32"));
  }
  if (weight->size() == 0) return Float("its weight is empty");
  const Tensor aligned = weight->Aligned();
  const FloatRange range =
      RangeOf(aligned.Values<float>().data(), aligned.size());
  if (range.nan_count + range.inf_count > 0) {
    return Float("its weight has elements that are not finite");
  }
  if (IsConstant(index, node.Input(0))) {
    return Float("its input is a constant");
  }
  const absl::string_view bias_name = node.Input(2);
  const Tensor* bias = FixedConstant(index, bias_name);
  if (!bias_name.empty() && bias == nullptr) {
    return Float("its bias is no constant");
  }
  if (bias != nullptr && bias->dtype() != DType::kF32) {
    return Float("its bias is not float32");
  }
  if (node.Is("Conv") || node.Is("ConvTranspose")) {
    if (weight->rank() < 3) return Float("its weight has no spatial axes");
    if (node.Is("ConvTranspose") && node.IntAttribute("group", 1) != 1) {
      return Float("its groups share the axis of their output channels");
    }
  } else if (weight->rank() != 2) {
    return Float("its weight has other than two axes");
  }
  if (node.Is("Gemm")) {
    if (node.IntAttribute("transA", 0) != 0) return Float("transA is set");
    if (node.FloatAttribute("alpha", 1) != 1) return Float("alpha is not 1");
    if (bias != nullptr) {
      if (node.FloatAttribute("beta", 1) != 1) return Float("beta is not 1");
      const int64_t n =
          weight->dims()[node.IntAttribute("transB", 0) != 0 ? 0 : 1];
      if (bias->size() != n) {
        return Float("its bias has other than one element per column");
      }
    }
  }
  return {Role::kWeighted, "", {0}};
}

NodeRole AllInputs(const GraphIndex& index, const Node& node, Role role,
                   size_t count) {
  NodeRole result{role, "", {}};
  for (size_t i = 0; i < std::min(count, node.inputs.size()); ++i) {
    if (IsConstant(index, node.inputs[i])) {
      return Float(absl::StrCat(node.op_type, " with a constant"));
    }
    result.inputs.push_back(static_cast<int>(i));
  }
  return result;
}

}  // namespace

bool IsClampFromZero(const Model& model, const GraphIndex& index,
                     const Node& node) {
  if (node.Is("Relu")) return true;
  if (!node.Is("Clip")) return false;
  const auto view =
      ClipView::Of(node, model.Opset(), ConstantInputsOf(node, index));
  return view.ok() && view->min.has_value() && view->max.has_value() &&
         *view->min == 0 && *view->max > 0;
}

NodeRole RoleOf(const Model& model, const GraphIndex& index, const Node& node,
                TargetRuntime runtime) {
  if (!node.domain.empty()) {
    return Float(absl::StrCat("operator of domain ", node.domain));
  }
  const absl::string_view op = node.op_type;
  if (Shapes().contains(op)) return {Role::kIgnorable, "", {}};
  // Two of them at the end of PP-OCRv4's detector in OpenVINO 2026.4 (f32): 7.3
  // ms in float32 with the Relu and Sigmoid after them, 2.1 ms in integers.
  if (op == "Conv" || op == "MatMul" || op == "Gemm" ||
      (op == "ConvTranspose" && runtime == TargetRuntime::kOpenVino)) {
    return WeightedRole(index, node);
  }
  if (Carriers().contains(op)) {
    if (IsConstant(index, node.Input(0))) return {Role::kIgnorable, "", {}};
    if (op == "MaxPool" && !node.Output(1).empty()) {
      return Float("its indices are an output");
    }
    return {Role::kCarrier, "", {0}};
  }
  if (op == "Concat") {
    return AllInputs(index, node, Role::kConcat, node.inputs.size());
  }
  const auto slow = NeverPaid().find(op);
  if (slow != NeverPaid().end()) return Float(slow->second);
  if (op == "QuantizeLinear" || op == "DequantizeLinear") {
    return Float("is quantized already");
  }
  if (runtime == TargetRuntime::kOpenVino) {
    return Float("OpenVINO fuses it in float after the integer operators");
  }
  if (op == "Add") return AllInputs(index, node, Role::kElementwise, 2);
  if (runtime == TargetRuntime::kTensorRt) {
    return Float("TensorRT chooses its precision itself");
  }
  if (op == "Mul") return AllInputs(index, node, Role::kElementwise, 2);
  if (op == "GlobalAveragePool" || op == "HardSwish" || IsHardGate(node) ||
      op == "LeakyRelu" || op == "Sigmoid" ||
      IsClampFromZero(model, index, node)) {
    return AllInputs(index, node, Role::kElementwise, 1);
  }
  return Float("no integer form of it is known to pay");
}

}  // namespace hone
