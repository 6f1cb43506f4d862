#include "kernels/exec/ops/qlinear/conv_call.h"

#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/qlinear/integers.h"

namespace hone {

IntegerConvNode IntegerConvNode::Of(const KernelSpec& spec) {
  IntegerConvNode op;
  op.node = *spec.node;
  op.label = NodeLabel(*spec.node);
  op.opset = spec.opset;
  op.quantized = spec.node->op_type == "QLinearConv";
  if (op.quantized) {
    op.w = 3;
    op.w_zero = 5;
  }
  return op;
}

absl::StatusOr<IntegerConvCall> IntegerConvCall::Of(
    const IntegerConvNode& op, const KernelContext& context) {
  const Node& node = op.node;
  const std::string& label = op.label;
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, op.w + 1));
  IntegerConvCall s;
  s.x = context.inputs[0].dims;
  s.w = context.inputs[op.w].dims;
  s.y = context.outputs[0].dims;
  if (s.x.size() < 3 || s.w.size() != s.x.size()) {
    return NodeError(node, "ranks of input and weight", "equal, at least 3");
  }
  HONE_ASSIGN_OR_RETURN(s.conv, ConvView::Of(node, op.opset, s.w));
  HONE_ASSIGN_OR_RETURN(
      s.axes, s.conv.window.Resolve(node, absl::MakeConstSpan(s.x).subspan(2)));
  if (s.x[1] != s.w[1] * s.conv.group || s.w[0] % s.conv.group != 0) {
    return NodeError(node, "channels", "those of the weight and its groups");
  }
  Dims expected = {s.x[0], s.w[0]};
  for (const WindowAxis& axis : s.axes) expected.push_back(axis.output);
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", expected, s.y));
  HONE_ASSIGN_OR_RETURN(s.x_zero, ReadIntegers(label, context, 2));
  HONE_ASSIGN_OR_RETURN(s.w_zero, ReadIntegers(label, context, op.w_zero));
  if (op.quantized) {
    HONE_ASSIGN_OR_RETURN(s.x_scale, ReadScales(label, context, 1, 1));
    HONE_ASSIGN_OR_RETURN(s.w_scale, ReadScales(label, context, 4, 1));
    HONE_ASSIGN_OR_RETURN(s.y_scale, ReadScales(label, context, 6, 1));
    HONE_ASSIGN_OR_RETURN(s.y_zero, ReadIntegers(label, context, 7));
    HONE_ASSIGN_OR_RETURN(s.bias, ReadIntegers(label, context, 8));
  }
  const int64_t outputs = s.w[0];
  const auto per_channel = [&](size_t found) {
    return found <= 1 || static_cast<int64_t>(found) == outputs;
  };
  const bool scales =
      !op.quantized || (s.x_scale.size() == 1 && s.y_scale.size() == 1 &&
                        !s.w_scale.empty() && per_channel(s.w_scale.size()));
  if (!scales || s.x_zero.size() > 1 || s.y_zero.size() > 1 ||
      !per_channel(s.w_zero.size()) ||
      (!s.bias.empty() && static_cast<int64_t>(s.bias.size()) != outputs)) {
    return NodeError(node, "elements of scales, zero points and bias",
                     "1, or one an output channel");
  }
  return s;
}

float IntegerConvCall::Multiplier(int64_t channel) const {
  return x_scale[0] * PickOf(w_scale, channel, 1.0f) / y_scale[0];
}

absl::Status IntegerConvCall::Quantize(const IntegerConvNode& op,
                                       const int32_t* sums,
                                       const MutableTensorView& to) const {
  const int64_t points = Product(y, 2, y.size());
  std::vector<float> values(static_cast<size_t>(to.size));
  for (int64_t i = 0; i < to.size; ++i) {
    values[static_cast<size_t>(i)] =
        static_cast<float>(sums[i]) * Multiplier(i / points % w[0]);
  }
  return WriteQuantized(op.label, values, y_zero, to);
}

}  // namespace hone
