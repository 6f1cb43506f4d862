#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/error/error.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/qlinear/conv_call.h"
#include "kernels/exec/ops/qlinear/integers.h"

namespace hone {
namespace {

// sum (x - x_zero) (w - w_zero) of one output element; padding adds nothing.
int64_t Sum(const IntegerConvCall& s, const int32_t* x, const int32_t* w,
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

absl::Status Run(const IntegerConvNode& op, const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const IntegerConvCall s,
                        IntegerConvCall::Of(op, context));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> x,
                        ReadIntegers(op.label, context, 0));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> w,
                        ReadIntegers(op.label, context, op.w));
  const int64_t outputs = s.w[0];
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
          Sum(s, image, w.data() + o * w_size, PickOf(s.x_zero, 0, 0),
              PickOf(s.w_zero, o, 0), place) +
          PickOf(s.bias, o, 0));
      for (size_t a = place.size(); a-- > 0;) {
        if (++place[a] < s.y[a + 2]) break;
        place[a] = 0;
      }
    }
  });
  if (op.quantized) return s.Quantize(op, sums.data(), context.outputs[0]);
  std::copy(sums.begin(), sums.end(), context.outputs[0].As<int32_t>());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerConvDefinition(
    const KernelSpec& spec) {
  return MakeFunctionKernel(
      {"integer_conv.definition"},
      [op = IntegerConvNode::Of(spec)](const KernelContext& context) {
        return Run(op, context);
      });
}

}  // namespace hone
