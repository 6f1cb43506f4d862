#include "kernels/exec/ops/reduce/reduce.h"

#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/reduce_view.h"
#include "kernels/cpu/reduce/arg_reduce.h"
#include "kernels/cpu/reduce/reduce.h"
#include "kernels/cpu/reduce/reduce_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/late_view.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

struct Row {
  absl::string_view op_type;
  ReduceOp op;
  const char* kernel;
};

constexpr Row kRows[] = {
    {"GlobalAveragePool", ReduceOp::kMean, "reduce.global_mean"},
    {"GlobalMaxPool", ReduceOp::kMax, "reduce.global_max"},
    {"ReduceL1", ReduceOp::kL1, "reduce.l1"},
    {"ReduceL2", ReduceOp::kL2, "reduce.l2"},
    {"ReduceLogSum", ReduceOp::kLogSum, "reduce.log_sum"},
    {"ReduceLogSumExp", ReduceOp::kLogSumExp, "reduce.log_sum_exp"},
    {"ReduceMax", ReduceOp::kMax, "reduce.max"},
    {"ReduceMean", ReduceOp::kMean, "reduce.mean"},
    {"ReduceMin", ReduceOp::kMin, "reduce.min"},
    {"ReduceProd", ReduceOp::kProd, "reduce.prod"},
    {"ReduceSum", ReduceOp::kSum, "reduce.sum"},
    {"ReduceSumSquare", ReduceOp::kSumSquare, "reduce.sum_square"},
};

absl::Status Run(ReduceOp op, bool reference, const std::string& label,
                 const KernelContext& context, std::vector<bool> reduced) {
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  ReduceShape shape;
  shape.dims.assign(x.dims.begin(), x.dims.end());
  shape.reduced = std::move(reduced);
  HONE_RETURN_IF_ERROR(
      ExpectEqual(label, "elements of the output", shape.kept_size(), y.size));
  return VisitDType(
      NumbersAndBool(), label, x.dtype, [&](auto type) -> absl::Status {
        using T = typename decltype(type)::type;
        if constexpr (std::is_same_v<T, bool>) {
          // Opset 20: the maximum and minimum of booleans, which are 0 or 1.
          if (op != ReduceOp::kMax && op != ReduceOp::kMin) {
            return UnimplementedDType(label, x.dtype);
          }
          ReduceRef(*context.pool, op, x.As<uint8_t>(), shape, y.As<uint8_t>());
          // The least of no bytes is not the least of no booleans.
          for (int64_t i = 0; i < y.size; ++i) {
            y.As<uint8_t>()[i] = y.As<uint8_t>()[i] != 0;
          }
        } else if constexpr (std::is_same_v<T, float>) {
          if (reference) {
            ReduceRef(*context.pool, op, x.As<T>(), shape, y.As<T>());
          } else {
            Reduce(*context.pool, op, x.As<T>(), shape, y.As<T>());
          }
        } else {
          ReduceRef(*context.pool, op, x.As<T>(), shape, y.As<T>());
        }
        return absl::OkStatus();
      });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeReduce(const KernelSpec& spec) {
  const Row* row = nullptr;
  for (const Row& candidate : kRows) {
    if (candidate.op_type == spec.node->op_type) row = &candidate;
  }
  if (row == nullptr) return UnimplementedError(spec, "this operator");
  HONE_RETURN_IF_ERROR(CheckDType(NumbersAndBool(), spec, 0));
  if (row->op_type.substr(0, 6) == "Global") {
    return MakeFunctionKernel(
        {row->kernel},
        [op = row->op, reference = spec.reference,
         label = NodeLabel(*spec.node)](
            const KernelContext& context) -> absl::Status {
          HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
          std::vector<bool> reduced(context.inputs[0].dims.size(), true);
          for (size_t i = 0; i < reduced.size() && i < 2; ++i) {
            reduced[i] = false;
          }
          return Run(op, reference, label, context, std::move(reduced));
        });
  }
  HONE_ASSIGN_OR_RETURN(const LateView<ReduceView> view,
                        LateView<ReduceView>::Of(spec));
  return MakeFunctionKernel(
      {row->kernel},
      [op = row->op, view, reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const ReduceView reduce, view.At(context));
        std::vector<bool> reduced(context.inputs[0].dims.size(), false);
        HONE_ASSIGN_OR_RETURN(
            const std::vector<int64_t> axes,
            reduce.Resolve(view.node(), static_cast<int64_t>(reduced.size())));
        for (const int64_t axis : axes) {
          reduced[static_cast<size_t>(axis)] = true;
        }
        return Run(op, reference, label, context, std::move(reduced));
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeArgReduce(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const ArgReduceView view,
                        ArgReduceView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  const bool greatest = spec.node->op_type == "ArgMax";
  return MakeFunctionKernel(
      {greatest ? "arg_max" : "arg_min"},
      [view, greatest, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        HONE_ASSIGN_OR_RETURN(
            const int64_t front,
            FrontAxis(node, view.axis, static_cast<int64_t>(x.dims.size())));
        const size_t axis = static_cast<size_t>(front);
        const int64_t outer = Product(x.dims, 0, axis);
        const int64_t extent = x.dims[axis];
        const int64_t inner = Product(x.dims, axis + 1, x.dims.size());
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                         outer * inner,
                                         context.outputs[0].size));
        if (outer * inner > 0 && extent == 0) {
          return NodeError(node, "an empty axis has no greatest element", "1",
                           "0");
        }
        return VisitDType(Numbers(), label, x.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          ArgReduce(*context.pool, x.As<T>(), outer, extent, inner, greatest,
                    view.select_last, context.outputs[0].As<int64_t>());
          return absl::OkStatus();
        });
      });
}

}  // namespace hone
