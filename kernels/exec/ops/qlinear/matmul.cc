#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/matmul/matmul_geometry.h"
#include "kernels/exec/ops/qlinear/integers.h"
#include "kernels/exec/ops/qlinear/qlinear.h"

namespace hone {
namespace {

// Which inputs an operator has where; -1: none.
struct Places {
  int a = 0, b = 1;
  int a_scale = -1, a_zero = -1, b_scale = -1, b_zero = -1;
  int y_scale = -1, y_zero = -1;
};

Places PlacesOf(const Node& node) {
  if (node.op_type == "MatMulInteger") return {0, 1, -1, 2, -1, 3, -1, -1};
  if (node.op_type == "MatMulIntegerToFloat") {
    return {0, 1, 2, 4, 3, 5, -1, -1};
  }
  return {0, 3, 1, 2, 4, 5, 6, 7};  // QLinearMatMul
}

// A parameter of one element, or of one a row (column): `values` has one, or
// `count`, or that many for each batch.
absl::Status CheckCount(const std::string& label, size_t found, int64_t count) {
  if (found <= 1 || static_cast<int64_t>(found) == count) {
    return absl::OkStatus();
  }
  return ExpectEqual(label, "elements of a scale or zero point", count,
                     static_cast<int64_t>(found));
}

absl::Status Run(const Places& places, const Node& node,
                 const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(
      ExpectInputs(label, context, static_cast<size_t>(places.b) + 1));
  const auto at = [](int place) {
    return place < 0 ? size_t{1000} : static_cast<size_t>(place);
  };
  HONE_ASSIGN_OR_RETURN(
      const MatMulGeometry g,
      MatMulGeometry::Of(node, context.inputs[at(places.a)].dims,
                         context.inputs[at(places.b)].dims));
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", g.y, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> a,
                        ReadIntegers(label, context, at(places.a)));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> b,
                        ReadIntegers(label, context, at(places.b)));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> a_zero,
                        ReadIntegers(label, context, at(places.a_zero)));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> b_zero,
                        ReadIntegers(label, context, at(places.b_zero)));
  HONE_ASSIGN_OR_RETURN(const std::vector<float> a_scale,
                        ReadScales(label, context, at(places.a_scale), 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<float> b_scale,
                        ReadScales(label, context, at(places.b_scale), 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<float> y_scale,
                        ReadScales(label, context, at(places.y_scale), 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<int32_t> y_zero,
                        ReadIntegers(label, context, at(places.y_zero)));
  HONE_RETURN_IF_ERROR(CheckCount(label, a_zero.size(), g.m));
  HONE_RETURN_IF_ERROR(CheckCount(label, a_scale.size(), g.m));
  HONE_RETURN_IF_ERROR(CheckCount(label, b_zero.size(), g.n));
  HONE_RETURN_IF_ERROR(CheckCount(label, b_scale.size(), g.n));
  HONE_RETURN_IF_ERROR(CheckCount(label, y_scale.size(), 1));
  const auto size = static_cast<size_t>(g.batch() * g.m * g.n);
  std::vector<int32_t> sums(size);
  context.pool->ParallelFor(g.batch() * g.m, [&](int64_t row, int) {
    const int64_t i = row / g.m, r = row % g.m;
    const int32_t* left = a.data() + g.a[static_cast<size_t>(i)] + r * g.k;
    const int32_t* right = b.data() + g.b[static_cast<size_t>(i)];
    const int32_t za = PickOf(a_zero, r, 0);
    for (int64_t j = 0; j < g.n; ++j) {
      const int32_t zb = PickOf(b_zero, j, 0);
      int64_t sum = 0;
      for (int64_t k = 0; k < g.k; ++k) {
        sum += (int64_t{left[k]} - za) * (int64_t{right[k * g.n + j]} - zb);
      }
      sums[static_cast<size_t>(row * g.n + j)] = static_cast<int32_t>(sum);
    }
  });
  if (context.outputs[0].dtype == DType::kS32) {
    std::copy(sums.begin(), sums.end(), context.outputs[0].As<int32_t>());
    return absl::OkStatus();
  }
  std::vector<float> y(size);
  for (size_t s = 0; s < size; ++s) {
    const auto flat = static_cast<int64_t>(s);
    const float scale = PickOf(a_scale, flat / g.n % g.m, 1.0f) *
                        PickOf(b_scale, flat % g.n, 1.0f) / y_scale[0];
    y[s] = static_cast<float>(sums[s]) * scale;
  }
  if (places.y_scale >= 0) {
    return WriteQuantized(label, y, y_zero, context.outputs[0]);
  }
  std::vector<float> bias;
  if (context.inputs.size() > 6 && context.inputs[6].present()) {
    HONE_ASSIGN_OR_RETURN(bias, ReadScales(label, context, 6, 0));
    HONE_RETURN_IF_ERROR(CheckCount(label, bias.size(), g.n));
  }
  return VisitDType(Floats(), label, context.outputs[0].dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    for (size_t s = 0; s < size; ++s) {
      const float add = PickOf(bias, static_cast<int64_t>(s) % g.n, 0.0f);
      context.outputs[0].As<T>()[s] = T(y[s] + add);
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerMatMul(
    const KernelSpec& spec) {
  const Places places = PlacesOf(*spec.node);
  using Bytes = ElementTypes<int8_t, uint8_t>;
  HONE_RETURN_IF_ERROR(CheckDType(Bytes(), spec, 0));
  return MakeFunctionKernel(
      {"integer_matmul"},
      [places, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(places, node, label, context);
      });
}

}  // namespace hone
