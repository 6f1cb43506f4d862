#include "kernels/exec/ops/cast/cast.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/cast/code_rounding.h"

namespace hone {
namespace {

template <typename To, typename From>
To FloatToInteger(From value) {
  using Limits = std::numeric_limits<To>;
  if (std::isnan(value)) return 0;
  // 2^bits is exact in every floating type; the maximum itself may not be.
  const From past = std::ldexp(From{1}, Limits::digits);
  if (value >= past) return Limits::max();
  if (value < static_cast<From>(Limits::min())) return Limits::min();
  return static_cast<To>(value);
}

template <typename To, typename From>
To Convert(From value) {
  if constexpr (std::is_same_v<From, Half> || std::is_same_v<From, BFloat16>) {
    return Convert<To>(static_cast<float>(value));
  } else if constexpr (std::is_same_v<To, bool>) {
    return value != From{0};
  } else if constexpr (std::is_integral_v<To> &&
                       std::is_floating_point_v<From>) {
    return FloatToInteger<To>(value);
  } else if constexpr (std::is_arithmetic_v<To>) {
    return static_cast<To>(value);
  } else {
    return To(static_cast<float>(value));
  }
}

template <typename From>
absl::Status CastTo(const std::string& label, const CodeRounding& rounding,
                    const KernelContext& context, const From* x) {
  const MutableTensorView& y = context.outputs[0];
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(y.dtype)) {
    // The last byte may have bits of no element; they are zero.
    std::memset(y.data, 0, PackedBytes(y.dtype, y.size).value_or(0));
    for (int64_t i = 0; i < y.size; ++i) {
      if (narrow->is_float) {
        narrow->Write(y.data, i,
                      rounding.Encode(*narrow, Convert<float>(x[i])));
      } else {
        narrow->Write(y.data, i, static_cast<uint8_t>(Convert<int64_t>(x[i])));
      }
    }
    return absl::OkStatus();
  }
  return VisitDType(NumbersAndBool(), label, y.dtype, [&](auto type) {
    using To = typename decltype(type)::type;
    To* to = y.As<To>();
    ForRanges(*context.pool, y.size, kLightGrain,
              [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                  to[i] = Convert<To>(x[i]);
                }
              });
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeCast(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const CodeRounding rounding,
                        CodeRounding::Of(*spec.node));
  if (!spec.input_types.empty()) {
    const DType from = spec.input_types[0].dtype;
    const DType to = spec.output_types.empty() ? DType::kUndefined
                                               : spec.output_types[0].dtype;
    if (from == DType::kString || to == DType::kString) {
      return MakeStringCast(spec);
    }
    if (from == DType::kC64 || from == DType::kC128) {
      return UnimplementedError(spec, "the element type", {}, DTypeName(from));
    }
  }
  return MakeFunctionKernel(
      {"cast"},
      [rounding, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", x.dims,
                                        context.outputs[0].dims));
        if (const std::optional<NarrowType> narrow = NarrowTypeOf(x.dtype)) {
          std::vector<float> wide(static_cast<size_t>(x.size));
          for (size_t i = 0; i < wide.size(); ++i) {
            wide[i] = narrow->Read(x.data, static_cast<int64_t>(i));
          }
          return CastTo<float>(label, rounding, context, wide.data());
        }
        return VisitDType(NumbersAndBool(), label, x.dtype, [&](auto type) {
          using From = typename decltype(type)::type;
          return CastTo<From>(label, rounding, context, x.As<From>());
        });
      });
}

}  // namespace hone
