#include <algorithm>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/int8/elementwise/elementwise.h"
#include "kernels/cpu/int8/elementwise/elementwise_ref.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/parallel/parallel_nest.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/integer/integer.h"
#include "kernels/exec/ops/integer/quant_constants.h"

namespace hone {
namespace {

constexpr size_t kA = 0;
constexpr size_t kB = 3;

template <typename T>
void Run(Int8BinaryOp op, const Int8BinaryParams& params, bool definition,
         const LoopNest& nest, const KernelContext& context) {
  const T* const a = context.inputs[kA].As<T>();
  const T* const b = context.inputs[kB].As<T>();
  T* const y = context.outputs[0].As<T>();
  using Row = void(Int8BinaryOp, const Int8BinaryParams&, const T*, int64_t,
                   const T*, int64_t, size_t, T*);
  Row* const row = definition ? static_cast<Row*>(Int8BinaryRowRef<T>)
                              : static_cast<Row*>(Int8BinaryRow);
  ForNest(*context.pool, nest, kLightGrain,
          [&](const LoopNest::Offsets& at, int64_t n) {
            row(op, params, a + at[1], nest.inner_stride(1), b + at[2],
                nest.inner_stride(2), static_cast<size_t>(n), y + at[0]);
          });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedBinary(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const TensorQuant a, ReadTensorQuant(spec, kA + 1));
  HONE_ASSIGN_OR_RETURN(const TensorQuant b, ReadTensorQuant(spec, kB + 1));
  HONE_ASSIGN_OR_RETURN(const TensorQuant y, ReadTensorQuant(spec, kB + 3));
  if (a.is_signed != b.is_signed || a.is_signed != y.is_signed) {
    return NodeError(*spec.node, "types of the inputs and the output",
                     "one integer type", "int8 and uint8");
  }
  Int8BinaryParams params;
  params.a_scale = a.scale;
  params.a_zero = a.zero;
  params.b_scale = b.scale;
  params.b_zero = b.zero;
  params.y_scale = y.scale;
  params.y_zero = y.zero;
  params.low = static_cast<int32_t>(
      std::max<int64_t>(y.low(), spec.node->IntAttribute("low", y.low())));
  params.high = static_cast<int32_t>(
      std::min<int64_t>(y.high(), spec.node->IntAttribute("high", y.high())));
  const bool add = spec.node->op_type == "QuantizedAdd";
  const Int8BinaryOp op = add ? Int8BinaryOp::kAdd : Int8BinaryOp::kMul;
  return MakeFunctionKernel(
      {add ? "int8.add" : "int8.mul"},
      [params, op, is_signed = a.is_signed, definition = RunsDefinition(spec),
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, kB + 1));
        const Dims& target = context.outputs[0].dims;
        const Dims& a_dims = context.inputs[kA].dims;
        const Dims& b_dims = context.inputs[kB].dims;
        HONE_RETURN_IF_ERROR(ExpectBroadcast(label, a_dims, target));
        HONE_RETURN_IF_ERROR(ExpectBroadcast(label, b_dims, target));
        LoopNest nest(
            target, {RowMajorStrides(target), BroadcastStrides(a_dims, target),
                     BroadcastStrides(b_dims, target)});
        nest.Coalesce();
        if (is_signed) {
          Run<int8_t>(op, params, definition, nest, context);
        } else {
          Run<uint8_t>(op, params, definition, nest, context);
        }
        return absl::OkStatus();
      });
}

}  // namespace hone
