// A dense array read from data: dtype, extents, bytes.
//
//   Array a = FromValues<float>({2, 3}, {1, 2, 3, 4, 5, 6});
//   Array row = Row(a, 1);            // [4, 5, 6], the same memory
//
// Layout: row-major, little-endian. Copying an Array copies pointers.
#ifndef HONE_DATASETS_ARRAY_ARRAY_H_
#define HONE_DATASETS_ARRAY_ARRAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hone::datasets {

struct Array {
  // ONNX's lower-case name: float32 float64 float16 bfloat16 int8..int64
  // uint8..uint64 bool complex64 complex128 string.
  std::string dtype;
  std::vector<int64_t> shape;
  absl::Span<const std::byte> bytes;  // empty for strings
  std::shared_ptr<const void> owner;  // keeps `bytes` alive
  std::vector<std::string> strings;   // dtype "string" only

  int64_t size() const;  // elements
  int rank() const { return static_cast<int>(shape.size()); }
  // Requires the matching dtype, and bytes aligned for T (Aligned()).
  template <typename T>
  absl::Span<const T> Values() const {
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
};

struct NamedArray {
  std::string name;
  Array array;
};

// Bytes of one element; 0 for strings and unknown names.
size_t ElementBytes(absl::string_view dtype);

// Product of the extents; nullopt when one is negative, or when the product of
// those other than 0 exceeds int64.
std::optional<int64_t> ElementCount(absl::Span<const int64_t> shape);

// "[2, 3]".
std::string ShapeToString(absl::Span<const int64_t> shape);

// New zeroed storage that the caller fills through *bytes. InvalidArgument:
// unknown dtype or extents that overflow. ResourceExhausted: not enough memory.
absl::StatusOr<Array> Allocate(absl::string_view dtype,
                               std::vector<int64_t> shape,
                               absl::Span<std::byte>* bytes);

template <typename T>
constexpr const char* NameOfType();
template <>
constexpr const char* NameOfType<float>() {
  return "float32";
}
template <>
constexpr const char* NameOfType<double>() {
  return "float64";
}
template <>
constexpr const char* NameOfType<int8_t>() {
  return "int8";
}
template <>
constexpr const char* NameOfType<uint8_t>() {
  return "uint8";
}
template <>
constexpr const char* NameOfType<int32_t>() {
  return "int32";
}
template <>
constexpr const char* NameOfType<int64_t>() {
  return "int64";
}

// Owns a copy. Requires values.size() == product of the extents.
template <typename T>
Array FromValues(std::vector<int64_t> shape, std::vector<T> values) {
  auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  Array array;
  array.dtype = NameOfType<T>();
  array.shape = std::move(shape);
  array.bytes =
      absl::MakeConstSpan(reinterpret_cast<const std::byte*>(owner->data()),
                          owner->size() * sizeof(T));
  array.owner = owner;
  return array;
}

// Element `index` of axis 0, that axis removed. Requires rank >= 1 and
// 0 <= index < shape[0].
Array Row(const Array& array, int64_t index);

// One array with a new axis 0. InvalidArgument: nothing, or dtypes or extents
// that differ.
absl::StatusOr<Array> Stack(absl::Span<const Array> rows);

// The array that a model input of `rank` axes takes for one sample: as it is
// when the ranks are equal, with a leading axis of 1 when it has one axis
// less. InvalidArgument otherwise. rank < 0 (unknown) adds the axis.
absl::StatusOr<Array> FitToRank(Array array, int rank);

// This array, its bytes aligned for its element type (copied if they are not).
Array Aligned(Array array);

// Every element as a double. InvalidArgument for strings and complex numbers.
absl::StatusOr<std::vector<double>> ToDoubles(const Array& array);

// IEEE 754 half precision, round to nearest even.
uint16_t HalfFromFloat(float value);
float FloatFromHalf(uint16_t half);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_ARRAY_ARRAY_H_
