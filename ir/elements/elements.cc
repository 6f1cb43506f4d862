#include "ir/elements/elements.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace hone {
namespace {

template <typename T>
T Load(const Tensor& tensor, int64_t index) {
  T value;
  std::memcpy(&value,
              tensor.bytes().data() + static_cast<size_t>(index) * sizeof(T),
              sizeof(T));
  return value;
}

template <typename T>
void Store(T value, int64_t index, absl::Span<std::byte> bytes) {
  std::memcpy(bytes.data() + static_cast<size_t>(index) * sizeof(T), &value,
              sizeof(T));
}

double HalfToDouble(uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  double magnitude;
  if (exponent == 31) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    magnitude = std::ldexp(fraction, -24);
  } else {
    magnitude = std::ldexp(fraction + 1024, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

uint16_t DoubleToHalf(double value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  if (std::isnan(value)) return sign | 0x7e00;
  if (magnitude == 0) return sign;
  if (magnitude >= 65520) return sign | 0x7c00;  // halfway past the largest
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  // The spacing of numbers of this exponent; subnormals share the smallest.
  const int spacing = exponent - 11 < -24 ? -24 : exponent - 11;
  const auto steps =
      static_cast<int>(std::nearbyint(std::ldexp(magnitude, -spacing)));
  // Steps of 1024 and more carry the implicit bit into the exponent field.
  return static_cast<uint16_t>(sign + ((spacing + 24) << 10) + steps);
}

double BFloatToDouble(uint16_t bits) {
  const uint32_t wide = static_cast<uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof(value));
  return value;
}

uint16_t DoubleToBFloat(double value) {
  const auto rounded = static_cast<float>(value);
  uint32_t bits;
  std::memcpy(&bits, &rounded, sizeof(bits));
  if (std::isnan(rounded)) return static_cast<uint16_t>((bits >> 16) | 0x40);
  bits += 0x7fff + ((bits >> 16) & 1);
  return static_cast<uint16_t>(bits >> 16);
}

int64_t LoadPacked(const Tensor& tensor, int64_t index, int width,
                   bool is_signed) {
  const auto bit = static_cast<size_t>(index) * static_cast<size_t>(width);
  auto stream = static_cast<unsigned>(tensor.bytes()[bit / 8]);
  if (bit % 8 + static_cast<size_t>(width) > 8) {
    stream |= static_cast<unsigned>(tensor.bytes()[bit / 8 + 1]) << 8;
  }
  const unsigned mask = (1u << width) - 1;
  const auto value = static_cast<int64_t>((stream >> (bit % 8)) & mask);
  const bool negative = is_signed && (value >> (width - 1)) != 0;
  return negative ? value - (int64_t{1} << width) : value;
}

void StorePacked(int64_t value, int64_t index, int width,
                 absl::Span<std::byte> bytes) {
  const auto bit = static_cast<size_t>(index) * static_cast<size_t>(width);
  const unsigned mask = ((1u << width) - 1) << (bit % 8);
  const unsigned placed = (static_cast<unsigned>(value) << (bit % 8)) & mask;
  const auto merge = [&](size_t at, unsigned keep, unsigned set) {
    const unsigned old = static_cast<unsigned>(bytes[at]);
    bytes[at] = static_cast<std::byte>((old & ~keep) | set);
  };
  merge(bit / 8, mask & 255, placed & 255);
  if (mask > 255) merge(bit / 8 + 1, mask >> 8, placed >> 8);
}

bool IsSigned(DType dtype) {
  return dtype == DType::kS2 || dtype == DType::kS4 || dtype == DType::kS8 ||
         dtype == DType::kS16 || dtype == DType::kS32 || dtype == DType::kS64;
}

}  // namespace

bool HasRealElements(DType dtype) {
  return dtype == DType::kF32 || dtype == DType::kF64 || dtype == DType::kF16 ||
         dtype == DType::kBF16;
}

bool HasIntegerElements(DType dtype) {
  return IsInteger(dtype) || dtype == DType::kBool;
}

double RealElement(const Tensor& tensor, int64_t index) {
  switch (tensor.dtype()) {
    case DType::kF32:
      return static_cast<double>(Load<float>(tensor, index));
    case DType::kF64:
      return Load<double>(tensor, index);
    case DType::kF16:
      return HalfToDouble(Load<uint16_t>(tensor, index));
    case DType::kBF16:
      return BFloatToDouble(Load<uint16_t>(tensor, index));
    default:
      return std::numeric_limits<double>::quiet_NaN();
  }
}

int64_t IntegerElement(const Tensor& tensor, int64_t index) {
  switch (tensor.dtype()) {
    case DType::kS64:
      return Load<int64_t>(tensor, index);
    case DType::kU64:
      return static_cast<int64_t>(Load<uint64_t>(tensor, index));
    case DType::kS32:
      return Load<int32_t>(tensor, index);
    case DType::kU32:
      return Load<uint32_t>(tensor, index);
    case DType::kS16:
      return Load<int16_t>(tensor, index);
    case DType::kU16:
      return Load<uint16_t>(tensor, index);
    case DType::kS8:
      return Load<int8_t>(tensor, index);
    case DType::kU8:
    case DType::kBool:
      return Load<uint8_t>(tensor, index);
    default:
      return LoadPacked(tensor, index, BitsPerElement(tensor.dtype()),
                        IsSigned(tensor.dtype()));
  }
}

void SetReal(DType dtype, double value, int64_t index,
             absl::Span<std::byte> bytes) {
  switch (dtype) {
    case DType::kF32:
      return Store(static_cast<float>(value), index, bytes);
    case DType::kF64:
      return Store(value, index, bytes);
    case DType::kF16:
      return Store(DoubleToHalf(value), index, bytes);
    default:
      return Store(DoubleToBFloat(value), index, bytes);
  }
}

void SetInteger(DType dtype, int64_t value, int64_t index,
                absl::Span<std::byte> bytes) {
  switch (BitsPerElement(dtype)) {
    case 64:
      return Store(value, index, bytes);
    case 32:
      return Store(static_cast<uint32_t>(value), index, bytes);
    case 16:
      return Store(static_cast<uint16_t>(value), index, bytes);
    case 8:
      return Store(static_cast<uint8_t>(value), index, bytes);
    default:
      return StorePacked(value, index, BitsPerElement(dtype), bytes);
  }
}

bool IntegerFits(DType dtype, int64_t value) {
  if (dtype == DType::kBool) return value == 0 || value == 1;
  const int bits = BitsPerElement(dtype);
  if (IsSigned(dtype)) {
    if (bits == 64) return true;
    const int64_t limit = int64_t{1} << (bits - 1);
    return value >= -limit && value < limit;
  }
  if (value < 0) return false;
  return bits == 64 || value < (int64_t{1} << bits);
}

}  // namespace hone
