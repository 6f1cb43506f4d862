// Element types of ONNX tensors.
//
//   DTypeName(DType::kF32) == "float32"; BitsPerElement(DType::kS4) == 4.
//
// The enumerators have the numbers of ONNX's TensorProto.DataType
// (onnx 1.23.2), so that a number read from a file is a DType after a check
// with IsKnownDType.
#ifndef HONE_IR_DTYPE_DTYPE_H_
#define HONE_IR_DTYPE_DTYPE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace hone {

enum class DType : uint8_t {
  kUndefined = 0,
  kF32 = 1,
  kU8 = 2,
  kS8 = 3,
  kU16 = 4,
  kS16 = 5,
  kS32 = 6,
  kS64 = 7,
  kString = 8,
  kBool = 9,
  kF16 = 10,
  kF64 = 11,
  kU32 = 12,
  kU64 = 13,
  kC64 = 14,
  kC128 = 15,
  kBF16 = 16,
  kF8E4M3FN = 17,
  kF8E4M3FNUZ = 18,
  kF8E5M2 = 19,
  kF8E5M2FNUZ = 20,
  kU4 = 21,
  kS4 = 22,
  kF4E2M1 = 23,
  kF8E8M0 = 24,
  kU2 = 25,
  kS2 = 26,
  kF6E2M3 = 27,
  kF6E3M2 = 28,
};

// True for every enumerator above but kUndefined.
bool IsKnownDType(int64_t number);

// ONNX's lower-case name ("float32", "int8", "bfloat16", "float8e4m3fn", ...);
// "undefined" for kUndefined.
absl::string_view DTypeName(DType dtype);
std::optional<DType> DTypeFromName(absl::string_view name);

// Bits that one element takes in a packed tensor; 0 for strings and kUndefined.
int BitsPerElement(DType dtype);

// Bytes of `elements` packed elements (of fewer than 8 bits: a stream that
// begins at the first byte's lowest bit and ends with a whole byte); nullopt
// when that overflows, when elements < 0, or for strings.
std::optional<size_t> PackedBytes(DType dtype, int64_t elements);

bool IsFloating(DType dtype);  // 4 to 64 bits; not complex
bool IsInteger(DType dtype);   // signed and unsigned, 2 to 64 bits; not bool

// DTypeOf<float>() == DType::kF32. Only types that C++ has: no half, no
// sub-byte types.
template <typename T>
constexpr DType DTypeOf();
template <>
constexpr DType DTypeOf<float>() {
  return DType::kF32;
}
template <>
constexpr DType DTypeOf<double>() {
  return DType::kF64;
}
template <>
constexpr DType DTypeOf<uint8_t>() {
  return DType::kU8;
}
template <>
constexpr DType DTypeOf<int8_t>() {
  return DType::kS8;
}
template <>
constexpr DType DTypeOf<uint16_t>() {
  return DType::kU16;
}
template <>
constexpr DType DTypeOf<int16_t>() {
  return DType::kS16;
}
template <>
constexpr DType DTypeOf<uint32_t>() {
  return DType::kU32;
}
template <>
constexpr DType DTypeOf<int32_t>() {
  return DType::kS32;
}
template <>
constexpr DType DTypeOf<uint64_t>() {
  return DType::kU64;
}
template <>
constexpr DType DTypeOf<int64_t>() {
  return DType::kS64;
}
template <>
constexpr DType DTypeOf<bool>() {
  return DType::kBool;
}

}  // namespace hone

#endif  // HONE_IR_DTYPE_DTYPE_H_
