#include "kernels/exec/ops/softmax/softmax.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/softmax_view.h"
#include "kernels/cpu/reduce/arg_reduce.h"
#include "kernels/cpu/softmax/softmax.h"
#include "kernels/cpu/softmax/softmax_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

// One where the first greatest element is, zero elsewhere.
template <typename T>
void Hardmax(ThreadPool& pool, const T* x, const SoftmaxShape& shape, T* y) {
  if (shape.extent == 0) return;
  std::vector<int64_t> at(static_cast<size_t>(shape.outer * shape.inner));
  ArgReduce(pool, x, shape.outer, shape.extent, shape.inner, /*greatest=*/true,
            /*last=*/false, at.data());
  std::fill(y, y + shape.outer * shape.extent * shape.inner, T(0.0f));
  for (int64_t i = 0; i < static_cast<int64_t>(at.size()); ++i) {
    const int64_t outer = i / shape.inner;
    const int64_t row = outer * shape.extent + at[static_cast<size_t>(i)];
    y[row * shape.inner + i % shape.inner] = T(1.0f);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeSoftmax(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const SoftmaxView view,
                        SoftmaxView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  const bool hard = spec.node->op_type == "Hardmax";
  const bool log = spec.node->op_type == "LogSoftmax";
  return MakeFunctionKernel(
      {hard  ? "hardmax"
       : log ? "log_softmax"
             : "softmax",
       /*in_place=*/!hard},
      [view, hard, log, node = *spec.node, reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        HONE_ASSIGN_OR_RETURN(const SoftmaxView::Split split,
                              view.Resolve(node, x.dims));
        const SoftmaxShape shape = {split.outer, split.extent, split.inner};
        return VisitDType(Floats(), label, x.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          if (hard) {
            Hardmax(*context.pool, x.As<T>(), shape, y.As<T>());
            return absl::OkStatus();
          }
          if constexpr (std::is_same_v<T, float>) {
            if (!reference) {
              Softmax(*context.pool, x.As<T>(), shape, log, y.As<T>());
              return absl::OkStatus();
            }
          }
          SoftmaxRef(x.As<T>(), shape, log, y.As<T>());
          return absl::OkStatus();
        });
      });
}

}  // namespace hone
