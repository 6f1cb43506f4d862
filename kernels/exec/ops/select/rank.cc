#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/late_view.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/select/select.h"

namespace hone {
namespace {

// NaN counts as greater than every number, as in NumPy.
template <typename T>
bool Less(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return a < b;
  } else {
    const float x = static_cast<float>(a), y = static_cast<float>(b);
    if constexpr (std::is_same_v<T, double>) {
      if (!std::isnan(a) && !std::isnan(b)) return a < b;
    }
    return std::isnan(y) ? !std::isnan(x) : x < y;
  }
}

// x [outer, extent, inner]; values and indices [outer, k, inner].
template <typename T>
void TopK(ThreadPool& pool, const T* x, int64_t outer, int64_t extent,
          int64_t inner, int64_t k, bool largest, T* values, int64_t* indices) {
  ForRanges(pool, outer * inner, GrainFor(kHeavyGrain, extent),
            [&](int64_t begin, int64_t end) {
              std::vector<int64_t> order(static_cast<size_t>(extent));
              for (int64_t i = begin; i < end; ++i) {
                const T* column = x + i / inner * extent * inner + i % inner;
                std::iota(order.begin(), order.end(), int64_t{0});
                const auto before = [&](int64_t a, int64_t b) {
                  const T p = column[a * inner], q = column[b * inner];
                  if (largest ? Less(q, p) : Less(p, q)) return true;
                  if (largest ? Less(p, q) : Less(q, p)) return false;
                  return a < b;
                };
                std::partial_sort(order.begin(), order.begin() + k, order.end(),
                                  before);
                const int64_t first = i / inner * k * inner + i % inner;
                for (int64_t j = 0; j < k; ++j) {
                  const int64_t at = order[static_cast<size_t>(j)];
                  values[first + j * inner] = column[at * inner];
                  indices[first + j * inner] = at;
                }
              }
            });
}

template <typename T>
void CumSum(const T* x, int64_t outer, int64_t extent, int64_t inner,
            bool exclusive, bool reverse, T* y) {
  for (int64_t i = 0; i < outer * inner; ++i) {
    const int64_t first = i / inner * extent * inner + i % inner;
    T sum = T(0);
    for (int64_t e = 0; e < extent; ++e) {
      const int64_t at = first + (reverse ? extent - 1 - e : e) * inner;
      const T next = BinaryDefinition<BinaryOp::kAdd, T>(sum, x[at]);
      y[at] = exclusive ? sum : next;
      sum = next;
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeTopK(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LateView<TopKView> view,
                        LateView<TopKView>::Of(spec));
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"top_k"},
      [view, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const TopKView top, view.At(context));
        const TensorView& x = context.inputs[0];
        HONE_ASSIGN_OR_RETURN(const int64_t front,
                              FrontAxis(view.node(), top.axis,
                                        static_cast<int64_t>(x.dims.size())));
        const size_t axis = static_cast<size_t>(front);
        const int64_t k = top.k.value_or(-1);
        if (k < 0 || k > x.dims[axis]) {
          return NodeError(view.node(), "k of TopK",
                           "0 to " + std::to_string(x.dims[axis]),
                           std::to_string(k));
        }
        Dims expected = x.dims;
        expected[axis] = k;
        HONE_RETURN_IF_ERROR(ExpectEqual(
            label, "outputs", 2, static_cast<int64_t>(context.outputs.size())));
        // Either output may be left out.
        std::vector<int64_t> unused_indices;
        const int64_t size = Product(expected, 0, expected.size());
        for (const MutableTensorView& y : context.outputs) {
          if (y.data != nullptr) {
            HONE_RETURN_IF_ERROR(
                ExpectDims(label, "output extents", expected, y.dims));
          }
        }
        int64_t* indices = context.outputs[1].As<int64_t>();
        if (indices == nullptr) {
          unused_indices.resize(static_cast<size_t>(size));
          indices = unused_indices.data();
        }
        return VisitDType(Numbers(), label, x.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          std::vector<T> unused;
          T* values = context.outputs[0].As<T>();
          if (values == nullptr) {
            unused.resize(static_cast<size_t>(size));
            values = unused.data();
          }
          TopK(*context.pool, x.As<T>(), Product(x.dims, 0, axis), x.dims[axis],
               Product(x.dims, axis + 1, x.dims.size()), k, top.largest, values,
               indices);
          return absl::OkStatus();
        });
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeCumSum(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LateView<CumSumView> view,
                        LateView<CumSumView>::Of(spec));
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"cum_sum"},
      [view, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        HONE_ASSIGN_OR_RETURN(const CumSumView sum, view.At(context));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        HONE_ASSIGN_OR_RETURN(const int64_t front,
                              FrontAxis(view.node(), sum.axis.value_or(0),
                                        static_cast<int64_t>(x.dims.size())));
        const size_t axis = static_cast<size_t>(front);
        return VisitDType(Numbers(), label, x.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          CumSum(x.As<T>(), Product(x.dims, 0, axis), x.dims[axis],
                 Product(x.dims, axis + 1, x.dims.size()), sum.exclusive,
                 sum.reverse, y.As<T>());
          return absl::OkStatus();
        });
      });
}

}  // namespace hone
