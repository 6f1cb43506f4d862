#include "kernels/exec/ops/qlinear/matmul_call.h"

#include <algorithm>

#include "ir/error/error.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/qlinear/integers.h"

namespace hone {
namespace {

absl::Status CheckRange(const std::string& label, const ParameterRange& range) {
  if (range.ok()) return absl::OkStatus();
  return ExpectEqual(label, "elements of a scale or zero point", range.each,
                     range.count);
}

}  // namespace

MatMulPlaces MatMulPlaces::Of(const Node& node) {
  MatMulPlaces places;
  if (node.op_type == "MatMulInteger") {
    places.a_zero = 2;
    places.b_zero = 3;
  } else if (node.op_type == "MatMulIntegerToFloat") {
    places.a_scale = 2;
    places.b_scale = 3;
    places.a_zero = 4;
    places.b_zero = 5;
    places.bias = 6;
  } else {  // QLinearMatMul
    places.a_scale = 1;
    places.a_zero = 2;
    places.b = 3;
    places.b_scale = 4;
    places.b_zero = 5;
    places.y_scale = 6;
    places.y_zero = 7;
  }
  return places;
}

absl::StatusOr<IntegerMatMulCall> IntegerMatMulCall::Of(
    const Node& node, const std::string& label, const MatMulPlaces& places,
    const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, places.b + 1));
  const Dims& a = context.inputs[places.a].dims;
  const Dims& b = context.inputs[places.b].dims;
  IntegerMatMulCall call;
  HONE_ASSIGN_OR_RETURN(call.g, MatMulGeometry::Of(node, a, b));
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", call.g.y, context.outputs[0].dims));
  call.a_rows = a.size() == 1 ? 1 : a[a.size() - 2];
  call.all_rows = Product(a, 0, a.size() - 1);
  call.all_columns = call.g.n;
  for (size_t i = 0; i + 2 < b.size(); ++i) call.all_columns *= b[i];
  HONE_ASSIGN_OR_RETURN(call.a_zero,
                        ReadIntegers(label, context, places.a_zero));
  HONE_ASSIGN_OR_RETURN(call.b_zero,
                        ReadIntegers(label, context, places.b_zero));
  HONE_ASSIGN_OR_RETURN(call.y_zero,
                        ReadIntegers(label, context, places.y_zero));
  HONE_ASSIGN_OR_RETURN(call.a_scale,
                        ReadScales(label, context, places.a_scale, 1));
  HONE_ASSIGN_OR_RETURN(call.b_scale,
                        ReadScales(label, context, places.b_scale, 1));
  HONE_ASSIGN_OR_RETURN(call.y_scale,
                        ReadScales(label, context, places.y_scale, 1));
  const auto rows = [&](size_t count) {
    return CheckRange(label, call.RowRange(count));
  };
  const auto columns = [&](size_t count) {
    return CheckRange(label, call.ColumnRange(count));
  };
  HONE_RETURN_IF_ERROR(rows(call.a_zero.size()));
  HONE_RETURN_IF_ERROR(rows(call.a_scale.size()));
  HONE_RETURN_IF_ERROR(columns(call.b_zero.size()));
  HONE_RETURN_IF_ERROR(columns(call.b_scale.size()));
  for (const size_t found :
       {call.a_scale.size(), call.b_scale.size(), call.y_scale.size()}) {
    if (found == 0) return ExpectEqual(label, "elements of a scale", 1, 0);
  }
  if (call.y_scale.size() != 1 || call.y_zero.size() > 1) {
    return ExpectEqual(label, "elements of the output's scale and zero point",
                       1,
                       static_cast<int64_t>(
                           std::max(call.y_scale.size(), call.y_zero.size())));
  }
  if (places.bias < context.inputs.size() &&
      context.inputs[places.bias].present()) {
    HONE_ASSIGN_OR_RETURN(call.bias,
                          ReadScales(label, context, places.bias, 0));
    if (call.bias.size() > 1) {
      HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the bias", call.g.n,
                                       static_cast<int64_t>(call.bias.size())));
    }
  }
  return call;
}

absl::Status IntegerMatMulCall::Finish(const std::string& label,
                                       const MatMulPlaces& places,
                                       const int32_t* sums,
                                       const MutableTensorView& y) const {
  const auto size = static_cast<size_t>(g.batch() * g.m * g.n);
  if (y.dtype == DType::kS32) {
    std::copy(sums, sums + size, y.As<int32_t>());
    return absl::OkStatus();
  }
  std::vector<float> values(size);
  for (size_t s = 0; s < size; ++s) {
    const auto flat = static_cast<int64_t>(s);
    values[s] = static_cast<float>(sums[s]) *
                Multiplier(flat / g.n / g.m, flat / g.n % g.m, flat % g.n);
  }
  if (places.y_scale != MatMulPlaces::kNone) {
    return WriteQuantized(label, values, y_zero, y);
  }
  return VisitDType(Floats(), label, y.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    for (size_t s = 0; s < size; ++s) {
      const float add = PickOf(bias, static_cast<int64_t>(s) % g.n, 0.0f);
      y.As<T>()[s] = T(values[s] + add);
    }
    return absl::OkStatus();
  });
}

}  // namespace hone
