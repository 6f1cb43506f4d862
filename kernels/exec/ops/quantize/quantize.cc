#include "kernels/exec/ops/quantize/quantize.h"

#include <cstring>
#include <limits>
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

namespace hone {
namespace {

using QuantizeInputs = ElementTypes<float, Half, BFloat16, int32_t>;
using Codes = ElementTypes<int8_t, uint8_t, int16_t, uint16_t>;

// A row of x as floats, converted into *buffer unless it is one already.
template <typename T>
const float* FloatRow(const T* x, int64_t n, std::vector<float>* buffer) {
  if constexpr (std::is_same_v<T, float>) {
    return x;
  } else {
    buffer->resize(static_cast<size_t>(n));
    for (size_t i = 0; i < buffer->size(); ++i) {
      (*buffer)[i] = static_cast<float>(x[i]);
    }
    return buffer->data();
  }
}

// 2- and 4-bit integers and small floats: elements share bytes, so in one
// thread.
template <typename T>
void QuantizeNarrow(const NarrowType& type, bool saturate,
                    const QuantLayout& layout, const T* x, void* y) {
  ThreadPool serial(1);
  layout.ForRows(serial, [&](int64_t at, int64_t n, const QuantParams& p) {
    for (int64_t i = 0; i < n; ++i) {
      const float value = static_cast<float>(x[at + i]);
      const float scale = p.scale[i * p.step];
      uint8_t code;
      if (type.is_float) {
        // The zero point is 0, and its addition leaves no -0.
        code = type.Encode(value / scale + 0.0f, saturate);
      } else {
        code = static_cast<uint8_t>(QuantizeDefinition(
            value, scale, p.zero_point[i * p.step], type.low, type.high));
      }
      type.Write(y, at + i, code);
    }
  });
}

template <typename T>
absl::Status Quantize(const QuantizeView& view, bool reference,
                      const std::string& label, const KernelContext& context,
                      const QuantLayout& layout) {
  const T* x = context.inputs[0].As<T>();
  const MutableTensorView& output = context.outputs[0];
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(output.dtype)) {
    // The last byte may have bits of no element; they are zero.
    std::memset(output.data, 0,
                PackedBytes(output.dtype, output.size).value_or(0));
    QuantizeNarrow(*narrow, view.saturate, layout, x, output.data);
    return absl::OkStatus();
  }
  return VisitDType(Codes(), label, output.dtype, [&](auto type) {
    using Q = typename decltype(type)::type;
    Q* y = output.As<Q>();
    layout.ForRows(*context.pool,
                   [&](int64_t at, int64_t n, const QuantParams& params) {
                     std::vector<float> buffer;
                     const float* row = FloatRow(x + at, n, &buffer);
                     const size_t count = static_cast<size_t>(n);
                     if (reference) {
                       QuantizeRowRef(row, count, params, y + at);
                     } else {
                       QuantizeRow(row, count, params, y + at);
                     }
                   });
    return absl::OkStatus();
  });
}

struct Range {
  int32_t low;
  int32_t high;
};

std::optional<Range> IntegerRange(DType dtype) {
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(dtype)) {
    if (narrow->is_float) return std::nullopt;
    return Range{narrow->low, narrow->high};
  }
  switch (dtype) {
    case DType::kS8:
      return Range{-128, 127};
    case DType::kU8:
      return Range{0, 255};
    case DType::kS16:
      return Range{-32768, 32767};
    case DType::kU16:
      return Range{0, 65535};
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizeLinear(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const QuantizeView view,
                        QuantizeView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(QuantizeInputs(), spec, 0));
  return MakeFunctionKernel(
      {"quantize"},
      [view, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const QuantLayout layout,
                              QuantLayout::Of(view, label, context));
        return VisitDType(
            QuantizeInputs(), label, context.inputs[0].dtype, [&](auto type) {
              using T = typename decltype(type)::type;
              return Quantize<T>(view, reference, label, context, layout);
            });
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizeDequantize(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const QuantizeView view,
                        QuantizeView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(ElementTypes<float>(), spec, 0));
  return MakeFunctionKernel(
      {"quantize_dequantize", /*in_place=*/true},
      [view, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const QuantLayout layout,
                              QuantLayout::Of(view, label, context));
        DType zero_point = DType::kUndefined;
        if (context.inputs.size() > 2) zero_point = context.inputs[2].dtype;
        const DType code = view.QuantizedDType(zero_point);
        const std::optional<Range> range = IntegerRange(code);
        if (!range.has_value()) return UnimplementedDType(label, code);
        const float* x = context.inputs[0].As<float>();
        float* y = context.outputs[0].As<float>();
        layout.ForRows(*context.pool,
                       [&](int64_t at, int64_t n, const QuantParams& params) {
                         const auto row = reference ? QuantizeDequantizeRowRef
                                                    : QuantizeDequantizeRow;
                         row(x + at, static_cast<size_t>(n), params, range->low,
                             range->high, y + at);
                       });
        return absl::OkStatus();
      });
}

}  // namespace hone
