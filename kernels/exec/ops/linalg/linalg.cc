#include "kernels/exec/ops/linalg/linalg.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

// Of a matrix [n, n], which is overwritten.
double Determinant(double* a, int64_t n) {
  double det = 1;
  for (int64_t k = 0; k < n; ++k) {
    int64_t pivot = k;
    for (int64_t i = k + 1; i < n; ++i) {
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    }
    if (a[pivot * n + k] == 0) return 0;
    if (pivot != k) {
      std::swap_ranges(a + k * n, a + (k + 1) * n, a + pivot * n);
      det = -det;
    }
    det *= a[k * n + k];
    for (int64_t i = k + 1; i < n; ++i) {
      const double factor = a[i * n + k] / a[k * n + k];
      for (int64_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return det;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeDet(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"det"},
      [node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const Dims& x = context.inputs[0].dims;
        if (x.size() < 2 || x[x.size() - 1] != x[x.size() - 2]) {
          return NodeError(node, "extents of the input", "square matrices",
                           DimsToString(x));
        }
        HONE_ASSIGN_OR_RETURN(std::vector<double> a,
                              ReadNumbers(label, context.inputs[0]));
        const int64_t n = x.back();
        std::vector<double> y;
        for (int64_t i = 0; i < Product(x, 0, x.size() - 2); ++i) {
          y.push_back(Determinant(a.data() + i * n * n, n));
        }
        return WriteNumbers(label, y, context.outputs[0]);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeCumProd(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool exclusive = read.Bool("exclusive", false);
  const bool reverse = read.Bool("reverse", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"cum_prod"},
      [exclusive, reverse, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        const TensorView& x = context.inputs[0];
        HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", x.dims,
                                        context.outputs[0].dims));
        HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> axes,
                              IndexElements(label, context.inputs[1]));
        if (axes.size() != 1) return NodeError(node, "axis", "one number");
        HONE_ASSIGN_OR_RETURN(
            const int64_t front,
            FrontAxis(node, axes[0], static_cast<int64_t>(x.dims.size())));
        const auto axis = static_cast<size_t>(front);
        const int64_t extent = x.dims[axis];
        const int64_t inner = Product(x.dims, axis + 1, x.dims.size());
        const int64_t columns = Product(x.dims, 0, axis) * inner;
        return VisitDType(Numbers(), label, x.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          T* y = context.outputs[0].As<T>();
          for (int64_t i = 0; i < columns && extent > 0; ++i) {
            const int64_t first = i / inner * extent * inner + i % inner;
            T product = T(1);
            for (int64_t e = 0; e < extent; ++e) {
              const int64_t at = first + (reverse ? extent - 1 - e : e) * inner;
              const T next =
                  BinaryDefinition<BinaryOp::kMul, T>(product, x.As<T>()[at]);
              y[at] = exclusive ? product : next;
              product = next;
            }
          }
          return absl::OkStatus();
        });
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeSwiGlu(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const double alpha = read.Float("alpha", 1);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"swiglu"},
      [alpha, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        HONE_RETURN_IF_ERROR(ExpectDims(
            label, "extents", context.inputs[0].dims, context.inputs[1].dims));
        HONE_ASSIGN_OR_RETURN(std::vector<double> a,
                              ReadNumbers(label, context.inputs[0]));
        HONE_ASSIGN_OR_RETURN(const std::vector<double> b,
                              ReadNumbers(label, context.inputs[1]));
        for (size_t i = 0; i < a.size(); ++i) {
          a[i] = a[i] / (1 + std::exp(-alpha * a[i])) * b[i];
        }
        return WriteNumbers(label, a, context.outputs[0]);
      });
}

}  // namespace hone
