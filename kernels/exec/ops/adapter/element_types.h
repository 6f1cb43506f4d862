// From an element type known at run time to a C++ type.
//
//   HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
//   ...
//   return VisitDType(Numbers(), label, input.dtype, [&](auto type) {
//     using T = typename decltype(type)::type;
//     ...
//     return absl::OkStatus();
//   });
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_ELEMENT_TYPES_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_ELEMENT_TYPES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "kernels/cpu/float_types/float_types.h"
#include "kernels/exec/kernel.h"

namespace hone {

template <typename T>
struct ElementType {
  using type = T;
  static constexpr DType kDType = DTypeOf<T>();
};
template <>
struct ElementType<Half> {
  using type = Half;
  static constexpr DType kDType = DType::kF16;
};
template <>
struct ElementType<BFloat16> {
  using type = BFloat16;
  static constexpr DType kDType = DType::kBF16;
};

template <typename... Ts>
struct ElementTypes {};

using Floats = ElementTypes<float, double, Half, BFloat16>;
using Integers = ElementTypes<int8_t, uint8_t, int16_t, uint16_t, int32_t,
                              uint32_t, int64_t, uint64_t>;
using Numbers =
    ElementTypes<float, double, Half, BFloat16, int8_t, uint8_t, int16_t,
                 uint16_t, int32_t, uint32_t, int64_t, uint64_t>;
using NumbersAndBool =
    ElementTypes<float, double, Half, BFloat16, int8_t, uint8_t, int16_t,
                 uint16_t, int32_t, uint32_t, int64_t, uint64_t, bool>;

template <typename... Ts>
constexpr bool Contains(ElementTypes<Ts...>, DType dtype) {
  return ((ElementType<Ts>::kDType == dtype) || ...);
}

// Unimplemented: "node N: WHAT has no kernel: expected EXPECTED, found FOUND"
// with domain, operator and opset.
absl::Status UnimplementedError(const KernelSpec& spec, absl::string_view what,
                                absl::string_view expected = {},
                                absl::string_view found = {});
absl::Status UnimplementedDType(absl::string_view label, DType dtype);

// Unimplemented when the type of input `index` is known and not in the list.
// One that is not known yet is checked by VisitDType at run time.
template <typename List>
absl::Status CheckDType(List list, const KernelSpec& spec, size_t index) {
  if (index >= spec.input_types.size()) return absl::OkStatus();
  const DType dtype = spec.input_types[index].dtype;
  if (dtype == DType::kUndefined || Contains(list, dtype)) {
    return absl::OkStatus();
  }
  return UnimplementedError(spec, "the element type", {}, DTypeName(dtype));
}

// Calls f(ElementType<T>()) for the T of `dtype`; Unimplemented when the list
// has none.
template <typename... Ts, typename F>
absl::Status VisitDType(ElementTypes<Ts...>, absl::string_view label,
                        DType dtype, F&& f) {
  absl::Status status;
  const bool found =
      ((ElementType<Ts>::kDType == dtype ? (status = f(ElementType<Ts>()), true)
                                         : false) ||
       ...);
  return found ? status : UnimplementedDType(label, dtype);
}

// Bytes of one element, for operators that only move elements. Unimplemented
// for strings and types narrower than a byte.
absl::Status CheckMovable(const KernelSpec& spec, size_t index);
size_t ElementBytes(DType dtype);  // 0 when not movable

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_ELEMENT_TYPES_H_
