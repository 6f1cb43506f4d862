#include "kernels/exec/ops/adapter/narrow_types.h"

#include <cmath>

namespace hone {
namespace {

NarrowType Integer(int bits, bool is_signed) {
  NarrowType type;
  type.bits = bits;
  type.low = is_signed ? -(1 << (bits - 1)) : 0;
  type.high = is_signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
  return type;
}

NarrowType Float(int bits, SmallFloat format) {
  NarrowType type;
  type.bits = bits;
  type.is_float = true;
  type.format = format;
  return type;
}

}  // namespace

float NarrowType::Read(const void* data, int64_t i) const {
  const uint8_t* const byte = static_cast<const uint8_t*>(data) + i * bits / 8;
  const int shift = static_cast<int>(i * bits % 8);
  int stream = byte[0];
  if (shift + bits > 8) stream |= byte[1] << 8;
  const int code = (stream >> shift) & ((1 << bits) - 1);
  if (is_float) return DecodeSmallFloat(format, static_cast<uint8_t>(code));
  return static_cast<float>(code > high ? code - (1 << bits) : code);
}

void NarrowType::Write(void* data, int64_t i, uint8_t code) const {
  uint8_t* const byte = static_cast<uint8_t*>(data) + i * bits / 8;
  const int shift = static_cast<int>(i * bits % 8);
  const int mask = ((1 << bits) - 1) << shift;
  const int placed = (code << shift) & mask;
  byte[0] = static_cast<uint8_t>((byte[0] & ~mask) | placed);
  if (shift + bits > 8) {
    byte[1] = static_cast<uint8_t>((byte[1] & ~(mask >> 8)) | (placed >> 8));
  }
}

uint8_t NarrowType::Encode(float value, bool saturate) const {
  if (is_float) return EncodeSmallFloat(format, value, saturate);
  const float rounded = std::nearbyint(value);
  const int32_t q = !(rounded > static_cast<float>(low)) ? low
                    : rounded < static_cast<float>(high)
                        ? static_cast<int32_t>(rounded)
                        : high;
  return static_cast<uint8_t>(q & ((1 << bits) - 1));
}

std::optional<NarrowType> NarrowTypeOf(DType dtype) {
  switch (dtype) {
    case DType::kS2:
      return Integer(2, true);
    case DType::kU2:
      return Integer(2, false);
    case DType::kS4:
      return Integer(4, true);
    case DType::kU4:
      return Integer(4, false);
    case DType::kF4E2M1:
      return Float(4, SmallFloat::kE2M1);
    case DType::kF6E2M3:
      return Float(6, SmallFloat::kE2M3);
    case DType::kF6E3M2:
      return Float(6, SmallFloat::kE3M2);
    case DType::kF8E4M3FN:
      return Float(8, SmallFloat::kE4M3FN);
    case DType::kF8E4M3FNUZ:
      return Float(8, SmallFloat::kE4M3FNUZ);
    case DType::kF8E5M2:
      return Float(8, SmallFloat::kE5M2);
    case DType::kF8E5M2FNUZ:
      return Float(8, SmallFloat::kE5M2FNUZ);
    case DType::kF8E8M0:
      return Float(8, SmallFloat::kE8M0);
    default:
      return std::nullopt;
  }
}

}  // namespace hone
