#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/int8/matmul/matmul_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/qlinear/matmul_call.h"

namespace hone {
namespace {

using Bytes = ElementTypes<int8_t, uint8_t>;

template <typename A, typename B>
void Sum(const IntegerMatMulCall& call, const A* a, const B* b, int64_t product,
         int32_t* sums) {
  const MatMulGeometry& g = call.g;
  const auto at = static_cast<size_t>(product);
  const int64_t row = call.FirstRow(product);
  const int64_t column = call.FirstColumn(product);
  const ParameterRange rows = call.RowRange(call.a_zero.size());
  const ParameterRange columns = call.ColumnRange(call.b_zero.size());
  Int8MatMulRef(
      g.m, g.k, g.n, a + g.a[at],
      [&](int64_t r) {
        return call.a_zero.empty() ? 0 : call.a_zero[rows.At(row, r)];
      },
      b + g.b[at],
      [&](int64_t c) {
        return call.b_zero.empty() ? 0 : call.b_zero[columns.At(column, c)];
      },
      sums + product * g.m * g.n);
}

absl::Status Run(const MatMulPlaces& places, const Node& node,
                 const std::string& label, const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const IntegerMatMulCall call,
                        IntegerMatMulCall::Of(node, label, places, context));
  const TensorView& a = context.inputs[places.a];
  const TensorView& b = context.inputs[places.b];
  std::vector<int32_t> sums(
      static_cast<size_t>(call.g.batch() * call.g.m * call.g.n));
  HONE_RETURN_IF_ERROR(VisitDType(Bytes(), label, a.dtype, [&](auto ta) {
    using A = typename decltype(ta)::type;
    return VisitDType(Bytes(), label, b.dtype, [&](auto tb) {
      using B = typename decltype(tb)::type;
      context.pool->ParallelFor(call.g.batch(), [&](int64_t product, int) {
        Sum(call, a.As<A>(), b.As<B>(), product, sums.data());
      });
      return absl::OkStatus();
    });
  }));
  return call.Finish(label, places, sums.data(), context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerMatMulDefinition(
    const KernelSpec& spec) {
  return MakeFunctionKernel(
      {"integer_matmul.definition"},
      [places = MatMulPlaces::Of(*spec.node), node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(places, node, label, context);
      });
}

}  // namespace hone
