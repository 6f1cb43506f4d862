#include "kernels/exec/ops/adapter/numbers.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "ir/error/error.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

template <typename T>
T FromDouble(double value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value != 0;
  } else if constexpr (std::is_integral_v<T>) {
    using Limits = std::numeric_limits<T>;
    if (std::isnan(value)) return 0;
    if (value >= std::ldexp(1.0, Limits::digits)) return Limits::max();
    if (value < static_cast<double>(Limits::min())) return Limits::min();
    return static_cast<T>(value);
  } else if constexpr (std::is_arithmetic_v<T>) {
    return static_cast<T>(value);
  } else {
    return T(static_cast<float>(value));
  }
}

}  // namespace

absl::StatusOr<std::vector<double>> ReadNumbers(absl::string_view label,
                                                const TensorView& view) {
  std::vector<double> numbers;
  if (!view.present()) return numbers;
  numbers.reserve(static_cast<size_t>(view.size));
  HONE_RETURN_IF_ERROR(
      VisitDType(NumbersAndBool(), label, view.dtype, [&](auto type) {
        using T = typename decltype(type)::type;
        const T* from = view.As<T>();
        for (int64_t i = 0; i < view.size; ++i) {
          numbers.push_back(static_cast<double>(from[i]));
        }
        return absl::OkStatus();
      }));
  return numbers;
}

absl::Status WriteNumbers(absl::string_view label,
                          absl::Span<const double> numbers,
                          const MutableTensorView& view) {
  if (view.dtype == DType::kUndefined || view.data == nullptr) {
    return absl::OkStatus();
  }
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of an output",
                                   static_cast<int64_t>(numbers.size()),
                                   view.size));
  return VisitDType(NumbersAndBool(), label, view.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    T* to = view.As<T>();
    for (size_t i = 0; i < numbers.size(); ++i) {
      to[i] = FromDouble<T>(numbers[i]);
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<Tensor> TensorOfNumbers(absl::string_view label, DType dtype,
                                       const Dims& dims,
                                       absl::Span<const double> numbers) {
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Allocate(dtype, dims, &bytes));
  MutableTensorView view;
  view.dtype = dtype;
  view.dims = dims;
  view.data = bytes.data();
  view.size = tensor.size();
  if (view.size > 0) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, numbers, view));
  }
  return tensor;
}

}  // namespace hone
