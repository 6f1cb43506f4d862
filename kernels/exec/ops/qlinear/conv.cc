#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/conv_view.h"
#include "ir/views/window.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/qlinear/integers.h"
#include "kernels/exec/ops/qlinear/qlinear.h"

namespace hone {
namespace {

struct ConvExtents {
  Dims x, w, y;
  ConvView conv;
  std::vector<WindowAxis> axes;
};

// sum (x - x_zero) (w - w_zero) of one output element; padding adds nothing.
int64_t Sum(const ConvExtents& s, const int32_t* x, const int32_t* w,
            int32_t x_zero, int32_t w_zero, const std::vector<int64_t>& place) {
  const size_t rank = s.axes.size();
  const int64_t channels = s.w[1];
  const int64_t plane = Product(s.x, 2, s.x.size());
  const int64_t taps = Product(s.w, 2, s.w.size());
  int64_t sum = 0;
  for (int64_t t = 0; t < taps; ++t) {
    int64_t rest = t, at = 0, stride = 1;
    bool inside = true;
    for (size_t a = rank; a-- > 0;) {
      const int64_t tap = rest % s.w[a + 2];
      rest /= s.w[a + 2];
      const int64_t i = place[a] * s.conv.window.strides[a] -
                        s.axes[a].pad_begin + tap * s.conv.window.dilations[a];
      inside = inside && i >= 0 && i < s.x[a + 2];
      at += i * stride;
      stride *= s.x[a + 2];
    }
    if (!inside) continue;
    for (int64_t c = 0; c < channels; ++c) {
      sum += (int64_t{x[c * plane + at]} - x_zero) *
             (int64_t{w[c * taps + t]} - w_zero);
    }
  }
  return sum;
}

absl::Status Run(bool quantized, int64_t opset, const Node& node,
                 const std::string& label, const KernelContext& context) {
  const size_t w_at = quantized ? 3 : 1;
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, w_at + 1));
  ConvExtents s;
  s.x = context.inputs[0].dims;
  s.w = context.inputs[w_at].dims;
  s.y = context.outputs[0].dims;
  if (s.x.size() < 3 || s.w.size() != s.x.size()) {
    return NodeError(node, "ranks of input and weight", "equal, at least 3");
  }
  HONE_ASSIGN_OR_RETURN(s.conv, ConvView::Of(node, opset, s.w));
  HONE_ASSIGN_OR_RETURN(
      s.axes, s.conv.window.Resolve(node, absl::MakeConstSpan(s.x).subspan(2)));
  if (s.x[1] != s.w[1] * s.conv.group || s.w[0] % s.conv.group != 0) {
    return NodeError(node, "channels", "those of the weight and its groups");
  }
  Dims expected = {s.x[0], s.w[0]};
  for (const WindowAxis& axis : s.axes) expected.push_back(axis.output);
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", expected, s.y));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> x,
                        ReadIntegers(label, context, 0));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> w,
                        ReadIntegers(label, context, w_at));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> x_zero,
                        ReadIntegers(label, context, 2));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> w_zero,
                        ReadIntegers(label, context, quantized ? 5 : 3));
  const int64_t outputs = s.w[0];
  const auto per_channel = [&](size_t found) {
    return found <= 1 || static_cast<int64_t>(found) == outputs;
  };
  std::vector<int32_t> bias, y_zero;
  std::vector<float> x_scale, w_scale, y_scale;
  if (quantized) {
    HONE_ASSIGN_OR_RETURN(x_scale, ReadScales(label, context, 1, 1));
    HONE_ASSIGN_OR_RETURN(w_scale, ReadScales(label, context, 4, 1));
    HONE_ASSIGN_OR_RETURN(y_scale, ReadScales(label, context, 6, 1));
    HONE_ASSIGN_OR_RETURN(y_zero, ReadIntegers(label, context, 7));
    HONE_ASSIGN_OR_RETURN(bias, ReadIntegers(label, context, 8));
  }
  if (x_zero.size() > 1 || x_scale.size() > 1 || y_scale.size() > 1 ||
      !per_channel(w_zero.size()) || !per_channel(w_scale.size()) ||
      (!bias.empty() && static_cast<int64_t>(bias.size()) != outputs)) {
    return NodeError(node, "elements of scales, zero points and bias",
                     "1, or one an output channel");
  }
  const int64_t points = Product(s.y, 2, s.y.size());
  const int64_t x_plane = Product(s.x, 2, s.x.size());
  const int64_t w_size = Product(s.w, 1, s.w.size());
  const int64_t per_group = outputs / s.conv.group;
  std::vector<int32_t> sums(static_cast<size_t>(context.outputs[0].size));
  context.pool->ParallelFor(s.x[0] * outputs, [&](int64_t task, int) {
    const int64_t n = task / outputs, o = task % outputs;
    const int32_t* image =
        x.data() + (n * s.x[1] + o / per_group * s.w[1]) * x_plane;
    std::vector<int64_t> place(s.axes.size(), 0);
    for (int64_t p = 0; p < points; ++p) {
      sums[static_cast<size_t>(task * points + p)] = static_cast<int32_t>(
          Sum(s, image, w.data() + o * w_size, PickOf(x_zero, 0, 0),
              PickOf(w_zero, o, 0), place) +
          PickOf(bias, o, 0));
      for (size_t a = place.size(); a-- > 0;) {
        if (++place[a] < s.y[a + 2]) break;
        place[a] = 0;
      }
    }
  });
  if (!quantized) {
    std::copy(sums.begin(), sums.end(), context.outputs[0].As<int32_t>());
    return absl::OkStatus();
  }
  std::vector<float> y(sums.size());
  for (size_t i = 0; i < y.size(); ++i) {
    const int64_t o = static_cast<int64_t>(i) / points % outputs;
    y[i] = static_cast<float>(sums[i]) *
           (x_scale[0] * PickOf(w_scale, o, 1.0f) / y_scale[0]);
  }
  return WriteQuantized(label, y, y_zero, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerConv(
    const KernelSpec& spec) {
  using Bytes = ElementTypes<int8_t, uint8_t>;
  HONE_RETURN_IF_ERROR(CheckDType(Bytes(), spec, 0));
  return MakeFunctionKernel(
      {"integer_conv"},
      [quantized = spec.node->op_type == "QLinearConv", opset = spec.opset,
       node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(quantized, opset, node, label, context);
      });
}

}  // namespace hone
