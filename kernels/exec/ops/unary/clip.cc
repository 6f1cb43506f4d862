#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/unary/unary.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/unary/unary.h"

namespace hone {
namespace {

// The limits as attributes (before opset 11), else read from inputs 1 and 2.
struct Limits {
  bool attributes = false;
  float min = std::numeric_limits<float>::lowest();
  float max = std::numeric_limits<float>::max();
};

template <typename T>
absl::StatusOr<T> LimitOf(const std::string& label,
                          const KernelContext& context, size_t input,
                          T otherwise) {
  if (input >= context.inputs.size() || !context.inputs[input].present()) {
    return otherwise;
  }
  const TensorView& limit = context.inputs[input];
  HONE_RETURN_IF_ERROR(
      ExpectEqual(label, "elements of a limit of Clip", 1, limit.size));
  if (limit.dtype != context.inputs[0].dtype) {
    return UnimplementedDType(label, limit.dtype);
  }
  return *limit.As<T>();
}

template <typename T>
T Lowest() {
  if constexpr (std::is_arithmetic_v<T>) {
    return std::numeric_limits<T>::has_infinity
               ? -std::numeric_limits<T>::infinity()
               : std::numeric_limits<T>::lowest();
  } else {
    return T(-std::numeric_limits<float>::infinity());
  }
}

template <typename T>
T Highest() {
  if constexpr (std::is_arithmetic_v<T>) {
    return std::numeric_limits<T>::has_infinity
               ? std::numeric_limits<T>::infinity()
               : std::numeric_limits<T>::max();
  } else {
    return T(std::numeric_limits<float>::infinity());
  }
}

// An attribute is a float, and its default float's greatest number.
template <typename T>
T FromAttribute(float limit) {
  if constexpr (std::numeric_limits<T>::is_integer) {
    if (!(limit > static_cast<float>(Lowest<T>()))) return Lowest<T>();
    if (limit >= static_cast<float>(Highest<T>())) return Highest<T>();
  }
  return static_cast<T>(limit);
}

template <typename T>
void ClipRange(const T* x, int64_t n, T low, T high, bool reference, T* y) {
  if constexpr (std::is_same_v<T, float>) {
    if (!reference) {
      Unary(UnaryOp::kClip, {low, high}, x, static_cast<size_t>(n), y);
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i) {
    const T raised = x[i] < low ? low : x[i];
    y[i] = high < raised ? high : raised;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeClip(const KernelSpec& spec) {
  Limits limits;
  if (spec.opset < 11) {
    AttributeReader read(*spec.node);
    limits.attributes = true;
    limits.min = read.Float("min", limits.min);
    limits.max = read.Float("max", limits.max);
    HONE_ASSIGN_OR_RETURN(limits, read.Finish(limits));
  }
  HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  return MakeFunctionKernel(
      {"unary.clip", /*in_place=*/true},
      [limits, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        return VisitDType(
            Numbers(), label, x.dtype, [&](auto type) -> absl::Status {
              using T = typename decltype(type)::type;
              T low = FromAttribute<T>(limits.min);
              T high = FromAttribute<T>(limits.max);
              if (!limits.attributes) {
                HONE_ASSIGN_OR_RETURN(
                    low, LimitOf<T>(label, context, 1, Lowest<T>()));
                HONE_ASSIGN_OR_RETURN(
                    high, LimitOf<T>(label, context, 2, Highest<T>()));
              }
              ForRanges(*context.pool, x.size, kLightGrain,
                        [&](int64_t begin, int64_t end) {
                          ClipRange(x.As<T>() + begin, end - begin, low, high,
                                    reference, y.As<T>() + begin);
                        });
              return absl::OkStatus();
            });
      });
}

}  // namespace hone
