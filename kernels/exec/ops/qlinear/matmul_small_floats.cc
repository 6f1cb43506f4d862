#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/float_types/float_types.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/qlinear/integers.h"
#include "kernels/exec/ops/qlinear/matmul_call.h"

namespace hone {
namespace {

using Bytes = ElementTypes<int8_t, uint8_t>;

// Elements of input `index`; empty when it is absent.
absl::StatusOr<std::vector<double>> Elements(const std::string& label,
                                             const KernelContext& context,
                                             size_t index) {
  std::vector<double> values;
  if (index >= context.inputs.size() || !context.inputs[index].present()) {
    return values;
  }
  const TensorView& view = context.inputs[index];
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(view.dtype)) {
    for (int64_t i = 0; i < view.size; ++i) {
      values.push_back(static_cast<double>(narrow->Read(view.data, i)));
    }
    return values;
  }
  HONE_RETURN_IF_ERROR(VisitDType(Bytes(), label, view.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    values.assign(view.As<T>(), view.As<T>() + view.size);
    return absl::OkStatus();
  }));
  return values;
}

// The zero point that goes with index i.
double ZeroOf(const std::vector<double>& zero, const ParameterRange& range,
              int64_t first, int64_t i) {
  return zero.empty() ? 0 : zero[range.At(first, i)];
}

absl::Status CheckZeros(const std::string& label, const ParameterRange& range) {
  return range.ok() ? absl::OkStatus()
                    : ExpectEqual(label, "elements of a zero point", range.each,
                                  range.count);
}

absl::Status Run(const MatMulPlaces& places, const Node& node,
                 const std::string& label, const KernelContext& context) {
  MatMulPlaces scales = places;  // zero points may be floats too
  scales.a_zero = scales.b_zero = scales.y_zero = MatMulPlaces::kNone;
  HONE_ASSIGN_OR_RETURN(const IntegerMatMulCall call,
                        IntegerMatMulCall::Of(node, label, scales, context));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> a,
                        Elements(label, context, places.a));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> b,
                        Elements(label, context, places.b));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> a_zero,
                        Elements(label, context, places.a_zero));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> b_zero,
                        Elements(label, context, places.b_zero));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> y_zero,
                        Elements(label, context, places.y_zero));
  const ParameterRange rows = call.RowRange(a_zero.size());
  const ParameterRange columns = call.ColumnRange(b_zero.size());
  HONE_RETURN_IF_ERROR(CheckZeros(label, rows));
  HONE_RETURN_IF_ERROR(CheckZeros(label, columns));
  if (y_zero.size() > 1) {
    return ExpectEqual(label, "elements of the output's zero point", 1,
                       static_cast<int64_t>(y_zero.size()));
  }
  const MatMulGeometry& g = call.g;
  const MutableTensorView& y = context.outputs[0];
  std::vector<float> values(static_cast<size_t>(y.size));
  context.pool->ParallelFor(g.batch(), [&](int64_t i, int) {
    const int64_t from_a = g.a[static_cast<size_t>(i)];
    const int64_t from_b = g.b[static_cast<size_t>(i)];
    for (int64_t r = 0; r < g.m; ++r) {
      const double az = ZeroOf(a_zero, rows, call.FirstRow(i), r);
      for (int64_t c = 0; c < g.n; ++c) {
        const double bz = ZeroOf(b_zero, columns, call.FirstColumn(i), c);
        double sum = 0;
        for (int64_t k = 0; k < g.k; ++k) {
          sum += (a[static_cast<size_t>(from_a + r * g.k + k)] - az) *
                 (b[static_cast<size_t>(from_b + k * g.n + c)] - bz);
        }
        values[static_cast<size_t>((i * g.m + r) * g.n + c)] =
            static_cast<float>(sum) * call.Multiplier(i, r, c);
      }
    }
  });
  const std::optional<NarrowType> narrow = NarrowTypeOf(y.dtype);
  if (!narrow.has_value()) {
    std::vector<int32_t> zero;
    for (const double z : y_zero) zero.push_back(static_cast<int32_t>(z));
    return WriteQuantized(label, values, zero, y);
  }
  const float zero = y_zero.empty() ? 0 : static_cast<float>(y_zero[0]);
  for (size_t i = 0; i < values.size(); ++i) {
    narrow->Write(y.data, static_cast<int64_t>(i),
                  narrow->Encode(values[i] + zero, /*saturate=*/true));
  }
  return absl::OkStatus();
}

}  // namespace

bool HasSmallFloats(const KernelSpec& spec, const MatMulPlaces& places) {
  for (const size_t index : {places.a, places.b, places.y_zero}) {
    if (index >= spec.input_types.size()) continue;
    const std::optional<NarrowType> narrow =
        NarrowTypeOf(spec.input_types[index].dtype);
    if (narrow.has_value() && narrow->is_float && narrow->bits == 8 &&
        narrow->format != SmallFloat::kE8M0) {
      return true;
    }
  }
  return false;
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeSmallFloatMatMul(
    const KernelSpec& spec) {
  return MakeFunctionKernel(
      {"integer_matmul.small_floats"},
      [places = MatMulPlaces::Of(*spec.node), node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(places, node, label, context);
      });
}

}  // namespace hone
