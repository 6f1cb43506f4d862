#include <cstring>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/binary/binary.h"
#include "kernels/exec/ops/binary/broadcast.h"

namespace hone {
namespace {

template <typename T>
void FoldRow(BinaryOp op, bool reference, const T* a, int64_t a_step,
             const T* b, int64_t b_step, size_t n, T* y) {
  if constexpr (std::is_same_v<T, float>) {
    if (!reference) {
      BinaryRow(op, a, a_step, b, b_step, n, y);
      return;
    }
  }
  BinaryRowRef(op, a, a_step, b, b_step, n, y);
}

// y = op(... op(op(in 0, in 1), in 2) ..., last input), then over the count for
// a mean.
template <typename T>
absl::Status Fold(BinaryOp op, bool mean, bool reference,
                  const std::string& label, const KernelContext& context) {
  T* y = context.outputs[0].As<T>();
  const size_t count = context.inputs.size();
  for (size_t i = 0; i < count; ++i) {
    // One input after the other meets the output, which holds what came before.
    KernelContext step = context;
    step.inputs = context.inputs.subspan(i, 1);
    HONE_ASSIGN_OR_RETURN(const Broadcast broadcast,
                          Broadcast::Of({}, label, step, 1));
    const T* x = context.inputs[i].As<T>();
    broadcast.ForRows(context, [&](const Broadcast::Row& row) {
      T* to = y + row.y;
      const T* from = x + row.at[0];
      const size_t n = static_cast<size_t>(row.n);
      if (i > 0) {
        FoldRow(op, reference, to, 1, from, row.step[0], n, to);
      } else if (row.step[0] == 0) {
        for (size_t j = 0; j < n; ++j) to[j] = *from;
      } else {
        std::memcpy(to, from, n * sizeof(T));
      }
      if (mean && i + 1 == count) {
        const T divisor = T(static_cast<float>(count));
        FoldRow(BinaryOp::kDiv, reference, to, 1, &divisor, 0, n, to);
      }
    });
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeVariadic(const KernelSpec& spec) {
  const std::string& type = spec.node->op_type;
  const BinaryOp op = type == "Max"   ? BinaryOp::kMax
                      : type == "Min" ? BinaryOp::kMin
                                      : BinaryOp::kAdd;
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"variadic"},
      [op, mean = type == "Mean", reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(
            ExpectInputs(label, context, context.inputs.size()));
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const DType dtype = context.inputs[0].dtype;
        for (const TensorView& input : context.inputs) {
          if (input.dtype != dtype) {
            return UnimplementedDType(label, input.dtype);
          }
        }
        return VisitDType(Numbers(), label, dtype, [&](auto element) {
          using T = typename decltype(element)::type;
          return Fold<T>(op, mean, reference, label, context);
        });
      });
}

}  // namespace hone
