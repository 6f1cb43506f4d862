#include "kernels/cpu/float_types/float_types.h"

#include <cmath>
#include <limits>

namespace hone {
namespace {

struct Layout {
  int exponent_bits;
  int mantissa_bits;
  int bias;
  float largest;
  bool has_infinity;
  bool fnuz;
};

Layout LayoutOf(SmallFloat format) {
  switch (format) {
    case SmallFloat::kE4M3FN:
      return {4, 3, 7, 448.0f, false, false};
    case SmallFloat::kE4M3FNUZ:
      return {4, 3, 8, 240.0f, false, true};
    case SmallFloat::kE5M2:
      return {5, 2, 15, 57344.0f, true, false};
    case SmallFloat::kE5M2FNUZ:
      return {5, 2, 16, 57344.0f, false, true};
    case SmallFloat::kE2M3:
      return {2, 3, 1, 7.5f, false, false};
    case SmallFloat::kE3M2:
      return {3, 2, 3, 28.0f, false, false};
    default:
      return {2, 1, 1, 6.0f, false, false};
  }
}

// Every code is a finite number.
bool IsFinite(SmallFloat format) {
  return format == SmallFloat::kE2M1 || format == SmallFloat::kE2M3 ||
         format == SmallFloat::kE3M2;
}

uint8_t NanCode(SmallFloat format, bool negative) {
  switch (format) {
    case SmallFloat::kE4M3FN:
      return negative ? 0xff : 0x7f;
    case SmallFloat::kE5M2:
      return negative ? 0xfe : 0x7e;
    case SmallFloat::kE4M3FNUZ:
    case SmallFloat::kE5M2FNUZ:
      return 0x80;
    case SmallFloat::kE8M0:
      return 0xff;
    case SmallFloat::kE2M3:
    case SmallFloat::kE3M2:
      return 0x20;
    case SmallFloat::kE2M1:
      return 0x8;
  }
  return 0;
}

}  // namespace

uint8_t EncodePowerOfTwo(float value, PowerRounding rounding, bool saturate) {
  if (std::isnan(value)) return 0xff;
  const float magnitude = std::fabs(value);
  if (std::isinf(magnitude)) return saturate ? 0xfe : 0xff;
  if (magnitude <= std::ldexp(1.0f, -127)) return 0;
  int exponent;
  const float fraction = std::frexp(magnitude, &exponent);  // 0.5 and more
  const bool up = rounding == PowerRounding::kUp        ? fraction > 0.5f
                  : rounding == PowerRounding::kNearest ? fraction >= 0.75f
                                                        : false;
  const int code = (up ? exponent : exponent - 1) + 127;
  if (code > 0xfe) return saturate ? 0xfe : 0xff;
  return static_cast<uint8_t>(code);
}

float HalfToFloat(uint16_t bits) {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000u) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1fu;
  const uint32_t mantissa = bits & 0x3ffu;
  float magnitude;
  if (exponent == 0) {
    magnitude = static_cast<float>(mantissa) * 0x1p-24f;
  } else {
    const uint32_t word = exponent == 31
                              ? 0x7f800000u | (mantissa << 13)
                              : ((exponent + 112u) << 23) | (mantissa << 13);
    std::memcpy(&magnitude, &word, sizeof(magnitude));
  }
  uint32_t word;
  std::memcpy(&word, &magnitude, sizeof(word));
  word |= sign;
  float value;
  std::memcpy(&value, &word, sizeof(value));
  return value;
}

uint16_t FloatToHalf(float value) {
  uint32_t word;
  std::memcpy(&word, &value, sizeof(word));
  const uint16_t sign = static_cast<uint16_t>((word >> 16) & 0x8000u);
  word &= 0x7fffffffu;
  if (word > 0x7f800000u) {
    return static_cast<uint16_t>(sign | 0x7e00u | ((word >> 13) & 0x1ffu));
  }
  // 65520 and more rounds past the largest half, 65504.
  if (word >= 0x477ff000u) return sign | 0x7c00u;
  if (word < 0x38800000u) {
    // Below 2^-14 a half counts steps of 2^-24; the addition rounds to a float
    // whose last bit is worth just that.
    float magnitude;
    std::memcpy(&magnitude, &word, sizeof(magnitude));
    magnitude += 0.5f;
    std::memcpy(&word, &magnitude, sizeof(word));
    return static_cast<uint16_t>(sign | (word - 0x3f000000u));
  }
  word += 0xfffu + ((word >> 13) & 1u);
  return static_cast<uint16_t>(sign | ((word - 0x38000000u) >> 13));
}

float DecodeSmallFloat(SmallFloat format, uint8_t code) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  if (format == SmallFloat::kE8M0) {
    return code == 0xff ? kNan : std::ldexp(1.0f, static_cast<int>(code) - 127);
  }
  const Layout layout = LayoutOf(format);
  const int sign_bit = layout.exponent_bits + layout.mantissa_bits;
  const bool negative = ((code >> sign_bit) & 1) != 0;
  const int exponent =
      (code >> layout.mantissa_bits) & ((1 << layout.exponent_bits) - 1);
  const int mantissa = code & ((1 << layout.mantissa_bits) - 1);
  if (layout.fnuz) {
    if (code == 0x80) return kNan;
  } else if (format == SmallFloat::kE4M3FN) {
    if ((code & 0x7f) == 0x7f) return kNan;
  } else if (layout.has_infinity && exponent == 31) {
    if (mantissa != 0) return kNan;
    const float infinity = std::numeric_limits<float>::infinity();
    return negative ? -infinity : infinity;
  }
  const float magnitude =
      exponent == 0
          ? std::ldexp(static_cast<float>(mantissa),
                       1 - layout.bias - layout.mantissa_bits)
          : std::ldexp(
                static_cast<float>(mantissa + (1 << layout.mantissa_bits)),
                exponent - layout.bias - layout.mantissa_bits);
  return negative ? -magnitude : magnitude;
}

uint8_t EncodeSmallFloat(SmallFloat format, float value, bool saturate) {
  const bool negative = std::signbit(value);
  if (std::isnan(value)) return NanCode(format, negative);
  if (format == SmallFloat::kE8M0) {
    return EncodePowerOfTwo(value, PowerRounding::kUp, saturate);
  }
  const Layout layout = LayoutOf(format);
  const int sign_bit = layout.exponent_bits + layout.mantissa_bits;
  const uint8_t sign = negative ? static_cast<uint8_t>(1 << sign_bit) : 0;
  const float magnitude = std::fabs(value);
  // The step between neighbours is a power of two, so scaling is exact and
  // nearbyint rounds as the format does.
  int exponent = 0;
  if (magnitude > 0 && std::isfinite(magnitude)) {
    std::frexp(magnitude, &exponent);
  }
  const int lowest =
      2 - layout.bias;  // frexp's exponent of the smallest normal
  const int step =
      (exponent < lowest ? lowest : exponent) - 1 - layout.mantissa_bits;
  const float rounded =
      std::isinf(magnitude)
          ? magnitude
          : std::ldexp(std::nearbyint(std::ldexp(magnitude, -step)), step);
  if (rounded > layout.largest) {
    if (!saturate && !IsFinite(format)) {
      return layout.has_infinity ? static_cast<uint8_t>(sign | 0x7c)
                                 : NanCode(format, negative);
    }
    // The largest finite code lies one below the first special one.
    const int top = format == SmallFloat::kE4M3FN ? 0x7e
                    : format == SmallFloat::kE5M2 ? 0x7b
                                                  : (1 << sign_bit) - 1;
    return static_cast<uint8_t>(sign | top);
  }
  if (rounded == 0) return layout.fnuz ? 0 : sign;
  int e;
  std::frexp(rounded, &e);
  if (e < lowest) {
    const int mantissa = static_cast<int>(
        std::ldexp(rounded, layout.bias - 1 + layout.mantissa_bits));
    return sign | static_cast<uint8_t>(mantissa);
  }
  const int mantissa =
      static_cast<int>(std::ldexp(rounded, layout.mantissa_bits + 1 - e)) -
      (1 << layout.mantissa_bits);
  return sign | static_cast<uint8_t>(
                    ((e - 1 + layout.bias) << layout.mantissa_bits) | mantissa);
}

}  // namespace hone
