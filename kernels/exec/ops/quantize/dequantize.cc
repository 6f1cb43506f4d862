#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/quantize_view.h"
#include "kernels/cpu/quantize/quantize.h"
#include "kernels/cpu/quantize/quantize_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/quantize/quant_layout.h"
#include "kernels/exec/ops/quantize/quantize.h"

namespace hone {
namespace {

using WideCodes = ElementTypes<int8_t, uint8_t, int16_t, uint16_t, int32_t>;
using DequantizeOutputs = ElementTypes<float, Half, BFloat16>;

// Calls f(row of floats) to fill n elements at y.
template <typename T, typename F>
void FillRow(T* y, int64_t n, F&& f) {
  if constexpr (std::is_same_v<T, float>) {
    f(y);
  } else {
    std::vector<float> buffer(static_cast<size_t>(n));
    f(buffer.data());
    for (size_t i = 0; i < buffer.size(); ++i) y[i] = T(buffer[i]);
  }
}

template <typename T>
absl::Status Dequantize(bool reference, const std::string& label,
                        const KernelContext& context,
                        const QuantLayout& layout) {
  T* y = context.outputs[0].As<T>();
  const TensorView& input = context.inputs[0];
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(input.dtype)) {
    layout.ForRows(
        *context.pool, [&](int64_t at, int64_t n, const QuantParams& p) {
          FillRow(y + at, n, [&](float* row) {
            for (int64_t i = 0; i < n; ++i) {
              const float value = narrow->Read(input.data, at + i) -
                                  static_cast<float>(p.zero_point[i * p.step]);
              row[i] = value * p.scale[i * p.step];
            }
          });
        });
    return absl::OkStatus();
  }
  return VisitDType(WideCodes(), label, input.dtype, [&](auto type) {
    using Q = typename decltype(type)::type;
    const Q* x = input.As<Q>();
    layout.ForRows(
        *context.pool, [&](int64_t at, int64_t n, const QuantParams& p) {
          FillRow(y + at, n, [&](float* row) {
            if (reference) {
              DequantizeRowRef(x + at, static_cast<size_t>(n), p, row);
            } else {
              DequantizeRow(x + at, static_cast<size_t>(n), p, row);
            }
          });
        });
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeDequantizeLinear(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const QuantizeView view,
                        QuantizeView::Of(*spec.node, spec.opset));
  return MakeFunctionKernel(
      {"dequantize"},
      [view, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const QuantLayout layout,
                              QuantLayout::Of(view, label, context));
        return VisitDType(DequantizeOutputs(), label, context.outputs[0].dtype,
                          [&](auto type) {
                            using T = typename decltype(type)::type;
                            return Dequantize<T>(reference, label, context,
                                                 layout);
                          });
      });
}

}  // namespace hone
