#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/cast/cast.h"

namespace hone {
namespace {

template <typename T>
std::string Written(T value) {
  if constexpr (std::is_same_v<T, double>) {
    return DoubleToString(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "True" : "False";
  } else if constexpr (std::is_integral_v<T>) {
    return absl::StrCat(static_cast<int64_t>(value));
  } else {
    return FloatToString(static_cast<float>(value));
  }
}
template <>
std::string Written(uint64_t value) {
  return absl::StrCat(value);
}

// False: no number, or one that an integer type does not hold.
template <typename T>
bool Read(const std::string& text, T* value) {
  if constexpr (std::is_same_v<T, bool>) {
    double number = 0;
    if (!absl::SimpleAtod(text, &number)) return absl::SimpleAtob(text, value);
    *value = number != 0;
    return true;
  } else if constexpr (std::is_integral_v<T>) {
    using Wide = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
    Wide wide = 0;
    if (!absl::SimpleAtoi(text, &wide)) {
      double number = 0;
      if (!absl::SimpleAtod(text, &number)) return false;
      if (!(number > -9.2e18 && number < 9.2e18)) return false;
      if (number < 0 && !std::is_signed_v<T>) return false;
      wide = static_cast<Wide>(number);
    }
    if (wide < std::numeric_limits<T>::min() ||
        wide > std::numeric_limits<T>::max()) {
      return false;
    }
    *value = static_cast<T>(wide);
    return true;
  } else if constexpr (std::is_same_v<T, double>) {
    return absl::SimpleAtod(text, value);
  } else {
    float number = 0;
    if (!absl::SimpleAtof(text, &number)) return false;
    *value = static_cast<T>(number);
    return true;
  }
}

absl::Status ToStrings(const std::string& label, const Tensor& x,
                       const KernelContext& context) {
  std::vector<std::string> y;
  const Tensor aligned = x.Aligned();
  HONE_RETURN_IF_ERROR(
      VisitDType(NumbersAndBool(), label, x.dtype(), [&](auto type) {
        using T = typename decltype(type)::type;
        const T* from = reinterpret_cast<const T*>(aligned.bytes().data());
        for (int64_t i = 0; i < x.size(); ++i) y.push_back(Written<T>(from[i]));
        return absl::OkStatus();
      }));
  context.results[0] = Tensor::FromStrings(x.dims(), std::move(y));
  return absl::OkStatus();
}

absl::Status FromStrings(const Node& node, const std::string& label,
                         const Tensor& x, DType to,
                         const KernelContext& context) {
  if (to == DType::kString) {
    context.results[0] = x;
    return absl::OkStatus();
  }
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor y, Tensor::Allocate(to, x.dims(), &bytes));
  HONE_RETURN_IF_ERROR(VisitDType(NumbersAndBool(), label, to, [&](auto type) {
    using T = typename decltype(type)::type;
    T* values = reinterpret_cast<T*>(bytes.data());
    for (int64_t i = 0; i < x.size(); ++i) {
      const std::string& text = x.Strings()[static_cast<size_t>(i)];
      if (!Read<T>(text, values + i)) {
        return NodeError(node, "a string", DTypeName(to), text);
      }
    }
    return absl::OkStatus();
  }));
  context.results[0] = std::move(y);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeStringCast(const KernelSpec& spec) {
  const DType to = spec.output_types.empty() ? DType::kUndefined
                                             : spec.output_types[0].dtype;
  if (to == DType::kUndefined) {
    return UnimplementedError(spec, "a target type that is not known");
  }
  return MakeFunctionKernel(
      {"cast.string", false, true, true},
      [to, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        if (context.values.empty() || !context.values[0].is_tensor()) {
          return NodeError(node, "the input", "a tensor", "something else");
        }
        const Tensor& x = context.values[0].tensor();
        return x.dtype() == DType::kString
                   ? FromStrings(node, label, x, to, context)
                   : ToStrings(label, x, context);
      });
}

}  // namespace hone
