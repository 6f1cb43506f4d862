#include "datasets/array/array.h"

#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace hone::datasets {
namespace {

struct DTypeRow {
  const char* name;
  size_t bytes;
};
constexpr DTypeRow kDTypes[] = {
    {"float32", 4}, {"float64", 8},   {"float16", 2},    {"bfloat16", 2},
    {"int8", 1},    {"int16", 2},     {"int32", 4},      {"int64", 8},
    {"uint8", 1},   {"uint16", 2},    {"uint32", 4},     {"uint64", 8},
    {"bool", 1},    {"complex64", 8}, {"complex128", 16}};

template <typename T>
std::vector<double> Convert(absl::Span<const std::byte> bytes) {
  std::vector<double> values(bytes.size() / sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

template <typename T>
T FromBits(uint32_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

uint32_t BitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

}  // namespace

int64_t Array::size() const { return ElementCount(shape).value_or(0); }

size_t ElementBytes(absl::string_view dtype) {
  for (const DTypeRow& row : kDTypes) {
    if (dtype == row.name) return row.bytes;
  }
  return 0;
}

std::optional<int64_t> ElementCount(absl::Span<const int64_t> shape) {
  int64_t count = 1;
  bool empty = false;
  for (const int64_t extent : shape) {
    if (extent < 0) return std::nullopt;
    if (extent == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(count, extent, &count)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : count;
}

std::string ShapeToString(absl::Span<const int64_t> shape) {
  return absl::StrCat("[", absl::StrJoin(shape, ", "), "]");
}

absl::StatusOr<Array> Allocate(absl::string_view dtype,
                               std::vector<int64_t> shape,
                               absl::Span<std::byte>* bytes) {
  const size_t element = ElementBytes(dtype);
  const std::optional<int64_t> count = ElementCount(shape);
  size_t total = 0;
  if (element == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("no array of dtype ", dtype));
  }
  if (!count.has_value() ||
      __builtin_mul_overflow(static_cast<size_t>(*count), element, &total) ||
      total > size_t{1} << 46) {
    return absl::InvalidArgumentError(
        absl::StrCat("extents ", ShapeToString(shape), " are too large"));
  }
  std::byte* const data = new (std::nothrow) std::byte[total]();
  if (data == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no memory for ", total, " bytes"));
  }
  Array array;
  array.dtype = std::string(dtype);
  array.shape = std::move(shape);
  array.bytes = absl::MakeConstSpan(data, total);
  array.owner = std::shared_ptr<const std::byte[]>(data);
  *bytes = absl::MakeSpan(data, total);
  return array;
}

Array Row(const Array& array, int64_t index) {
  Array row;
  row.dtype = array.dtype;
  row.shape.assign(array.shape.begin() + 1, array.shape.end());
  const size_t count = static_cast<size_t>(row.size());
  const size_t first = static_cast<size_t>(index) * count;
  if (array.dtype == "string") {
    row.strings.assign(array.strings.begin() + first,
                       array.strings.begin() + first + count);
    return row;
  }
  const size_t element = ElementBytes(array.dtype);
  row.bytes = array.bytes.subspan(first * element, count * element);
  row.owner = array.owner;
  return row;
}

absl::StatusOr<Array> Stack(absl::Span<const Array> rows) {
  if (rows.empty()) return absl::InvalidArgumentError("nothing to stack");
  for (const Array& row : rows) {
    if (row.dtype != rows[0].dtype || row.shape != rows[0].shape) {
      return absl::InvalidArgumentError(
          absl::StrCat("arrays of one batch differ: expected ", rows[0].dtype,
                       ShapeToString(rows[0].shape), ", found ", row.dtype,
                       ShapeToString(row.shape)));
    }
  }
  std::vector<int64_t> shape = rows[0].shape;
  shape.insert(shape.begin(), static_cast<int64_t>(rows.size()));
  if (rows[0].dtype == "string") {
    Array stacked;
    stacked.dtype = "string";
    stacked.shape = std::move(shape);
    for (const Array& row : rows) {
      stacked.strings.insert(stacked.strings.end(), row.strings.begin(),
                             row.strings.end());
    }
    return stacked;
  }
  absl::Span<std::byte> bytes;
  absl::StatusOr<Array> stacked =
      Allocate(rows[0].dtype, std::move(shape), &bytes);
  if (!stacked.ok()) return stacked.status();
  size_t at = 0;
  for (const Array& row : rows) {
    if (!row.bytes.empty()) {
      std::memcpy(bytes.data() + at, row.bytes.data(), row.bytes.size());
    }
    at += row.bytes.size();
  }
  return stacked;
}

absl::StatusOr<Array> FitToRank(Array array, int rank) {
  if (array.rank() == rank) return array;
  if (rank < 0 || array.rank() + 1 == rank) {
    array.shape.insert(array.shape.begin(), 1);
    return array;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "one sample has the wrong rank: expected ", rank - 1, " or ", rank,
      " axes, found ", array.rank(), " ", ShapeToString(array.shape)));
}

Array Aligned(Array array) {
  const size_t element = ElementBytes(array.dtype);
  const size_t alignment = element > 8 ? 8 : element;
  if (alignment <= 1 ||
      reinterpret_cast<uintptr_t>(array.bytes.data()) % alignment == 0) {
    return array;
  }
  auto copy = std::shared_ptr<std::byte[]>(new std::byte[array.bytes.size()]);
  std::memcpy(copy.get(), array.bytes.data(), array.bytes.size());
  array.bytes = absl::MakeConstSpan(copy.get(), array.bytes.size());
  array.owner = copy;
  return array;
}

absl::StatusOr<std::vector<double>> ToDoubles(const Array& array) {
  const std::string& t = array.dtype;
  if (t == "float32") return Convert<float>(array.bytes);
  if (t == "float64") return Convert<double>(array.bytes);
  if (t == "int8") return Convert<int8_t>(array.bytes);
  if (t == "int16") return Convert<int16_t>(array.bytes);
  if (t == "int32") return Convert<int32_t>(array.bytes);
  if (t == "int64") return Convert<int64_t>(array.bytes);
  if (t == "uint8" || t == "bool") return Convert<uint8_t>(array.bytes);
  if (t == "uint16") return Convert<uint16_t>(array.bytes);
  if (t == "uint32") return Convert<uint32_t>(array.bytes);
  if (t == "uint64") return Convert<uint64_t>(array.bytes);
  if (t == "float16" || t == "bfloat16") {
    std::vector<double> values = Convert<uint16_t>(array.bytes);
    for (double& value : values) {
      const uint16_t bits = static_cast<uint16_t>(value);
      value = t == "float16" ? FloatFromHalf(bits)
                             : FromBits<float>(uint32_t{bits} << 16);
    }
    return values;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expected numbers, found dtype ", t));
}

uint16_t HalfFromFloat(float value) {
  const uint32_t bits = BitsOf(value);
  const uint16_t sign = static_cast<uint16_t>((bits >> 16) & 0x8000u);
  const uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return sign | 0x7e00u;   // NaN
  if (magnitude >= 0x477ff000u) return sign | 0x7c00u;  // rounds to infinity
  if (magnitude < 0x38800000u) {
    // Subnormal: adding 0.5 places the half's unit in the float's last bit, so
    // that the addition itself rounds to nearest even.
    const float shifted = FromBits<float>(magnitude) + 0.5f;
    return sign | static_cast<uint16_t>(BitsOf(shifted) - BitsOf(0.5f));
  }
  const uint32_t odd = (magnitude >> 13) & 1u;
  return sign |
         static_cast<uint16_t>((magnitude - 0x38000000u + 0xfffu + odd) >> 13);
}

float FloatFromHalf(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  const uint32_t exponent = (half >> 10) & 0x1fu;
  const uint32_t fraction = half & 0x3ffu;
  if (exponent == 0x1fu) {
    return FromBits<float>(sign | 0x7f800000u | (fraction << 13));
  }
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return FromBits<float>(sign | BitsOf(magnitude));
  }
  return FromBits<float>(sign | ((exponent + 112u) << 23) | (fraction << 13));
}

}  // namespace hone::datasets
