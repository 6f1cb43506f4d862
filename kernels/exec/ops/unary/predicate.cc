#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/float_types/float_types.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/unary/unary.h"

namespace hone {
namespace {

// y[i] = f(x[i]); List: the element types of x. YT: void for that of x.
template <typename List, typename Y, typename F>
std::unique_ptr<Kernel> MakeMap(const KernelSpec& spec, const char* name, F f) {
  return MakeFunctionKernel(
      {name, /*in_place=*/true},
      [f, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        return VisitDType(List(), label, x.dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          using To = std::conditional_t<std::is_void_v<Y>, T, Y>;
          ForRanges(*context.pool, x.size, kLightGrain,
                    [&](int64_t begin, int64_t end) {
                      const T* from = x.As<T>();
                      To* to = y.As<To>();
                      for (int64_t i = begin; i < end; ++i) {
                        to[i] = static_cast<To>(f(from[i]));
                      }
                    });
          return absl::OkStatus();
        });
      });
}

// The same of float8, by the numbers that the codes stand for.
template <typename F>
std::unique_ptr<Kernel> MakeSmallFloatMap(const KernelSpec& spec,
                                          const char* name, F f) {
  return MakeFunctionKernel(
      {name, /*in_place=*/true},
      [f, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        const std::optional<NarrowType> type = NarrowTypeOf(x.dtype);
        if (!type.has_value()) return UnimplementedDType(label, x.dtype);
        for (int64_t i = 0; i < x.size; ++i) {
          y.As<bool>()[i] = f(type->Read(x.data, i));
        }
        return absl::OkStatus();
      });
}

bool IsFloat8(const KernelSpec& spec) {
  if (spec.input_types.empty()) return false;
  const std::optional<NarrowType> type =
      NarrowTypeOf(spec.input_types[0].dtype);
  return type.has_value() && type->is_float && type->bits == 8 &&
         type->format != SmallFloat::kE8M0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakePredicate(const KernelSpec& spec) {
  const std::string& op = spec.node->op_type;
  if (op == "Not") {
    using Bool = ElementTypes<bool>;
    HONE_RETURN_IF_ERROR(CheckDType(Bool(), spec, 0));
    return MakeMap<Bool, bool>(spec, "unary.not", [](bool x) { return !x; });
  }
  if (op == "BitwiseNot") {
    HONE_RETURN_IF_ERROR(CheckDType(Integers(), spec, 0));
    return MakeMap<Integers, void>(spec, "unary.bitwise_not",
                                   [](auto x) { return ~x; });
  }
  const bool float8 = IsFloat8(spec);
  if (!float8) HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  const auto map = [&](const char* name, auto f) {
    return float8 ? MakeSmallFloatMap(spec, name, f)
                  : MakeMap<Floats, bool>(spec, name, f);
  };
  if (op == "IsNaN") {
    return map("unary.is_nan",
               [](auto x) { return std::isnan(static_cast<double>(x)); });
  }
  AttributeReader read(*spec.node);
  const bool negative = read.Bool("detect_negative", true);
  const bool positive = read.Bool("detect_positive", true);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  return map("unary.is_inf", [negative, positive](auto x) {
    const double value = static_cast<double>(x);
    return std::isinf(value) && (value < 0 ? negative : positive);
  });
}

}  // namespace hone
