#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
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
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/cast/cast.h"
#include "kernels/exec/ops/cast/code_rounding.h"

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
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(x.dtype())) {
    for (int64_t i = 0; i < x.size(); ++i) {
      const float value = narrow->Read(aligned.bytes().data(), i);
      y.push_back(narrow->is_float ? Written<float>(value)
                                   : Written(static_cast<int64_t>(value)));
    }
    context.results[0] = Tensor::FromStrings(x.dims(), std::move(y));
    return absl::OkStatus();
  }
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

// Into a type that C++ lacks: floats round as from float32, integers fit.
absl::StatusOr<uint8_t> ReadCode(const NarrowType& type,
                                 const CodeRounding& rounding,
                                 const std::string& text) {
  const absl::Status refused = absl::InvalidArgumentError(text);
  if (type.is_float) {
    float value = 0;
    if (!Read<float>(text, &value)) return refused;
    return rounding.Encode(type, value);
  }
  int32_t value = 0;
  if (!Read<int32_t>(text, &value) || value < type.low || value > type.high) {
    return refused;
  }
  return static_cast<uint8_t>(value & ((1 << type.bits) - 1));
}

absl::Status FromStrings(const Node& node, const std::string& label,
                         const CodeRounding& rounding, const Tensor& x,
                         DType to, const KernelContext& context) {
  if (to == DType::kString) {
    context.results[0] = x;
    return absl::OkStatus();
  }
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor y, Tensor::Allocate(to, x.dims(), &bytes));
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(to)) {
    std::fill(bytes.begin(), bytes.end(), std::byte{0});
    for (int64_t i = 0; i < x.size(); ++i) {
      const std::string& text = x.Strings()[static_cast<size_t>(i)];
      const absl::StatusOr<uint8_t> code = ReadCode(*narrow, rounding, text);
      if (!code.ok()) return NodeError(node, "a string", DTypeName(to), text);
      narrow->Write(bytes.data(), i, *code);
    }
    context.results[0] = std::move(y);
    return absl::OkStatus();
  }
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
  HONE_ASSIGN_OR_RETURN(const CodeRounding rounding,
                        CodeRounding::Of(*spec.node));
  if (!spec.input_types.empty()) {
    const DType from = spec.input_types[0].dtype;
    if (from == DType::kC64 || from == DType::kC128) {
      return UnimplementedError(spec, "the element type", {}, DTypeName(from));
    }
  }
  return MakeFunctionKernel(
      {"cast.string", false, true, true},
      [rounding, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        if (context.values.empty() || !context.values[0].is_tensor()) {
          return NodeError(node, "the input", "a tensor", "something else");
        }
        const Tensor& x = context.values[0].tensor();
        return x.dtype() == DType::kString
                   ? FromStrings(node, label, rounding, x,
                                 context.outputs[0].dtype, context)
                   : ToStrings(label, x, context);
      });
}

}  // namespace hone
