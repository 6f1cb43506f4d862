// Floating-point element types that C++17 lacks, as storage that converts to
// and from float.
//
//   Half h(1.5f); float f = h;
//
// float to Half or BFloat16 rounds to nearest, ties to even; overflow gives
// infinity; NaN stays NaN. Half to float is exact, as is BFloat16.
#ifndef HONE_KERNELS_CPU_FLOAT_TYPES_FLOAT_TYPES_H_
#define HONE_KERNELS_CPU_FLOAT_TYPES_FLOAT_TYPES_H_

#include <cstdint>
#include <cstring>

namespace hone {

float HalfToFloat(uint16_t bits);
uint16_t FloatToHalf(float value);

// IEEE 754 binary16.
struct Half {
  Half() = default;
  explicit Half(float value) : bits(FloatToHalf(value)) {}
  operator float() const { return HalfToFloat(bits); }  // NOLINT
  uint16_t bits = 0;
};

// The upper half of a binary32.
struct BFloat16 {
  BFloat16() = default;
  explicit BFloat16(float value) {
    uint32_t word;
    std::memcpy(&word, &value, sizeof(word));
    if ((word & 0x7fffffffu) > 0x7f800000u) {
      bits = static_cast<uint16_t>((word >> 16) | 0x40u);
    } else {
      bits =
          static_cast<uint16_t>((word + 0x7fffu + ((word >> 16) & 1u)) >> 16);
    }
  }
  operator float() const {  // NOLINT
    const uint32_t word = static_cast<uint32_t>(bits) << 16;
    float value;
    std::memcpy(&value, &word, sizeof(value));
    return value;
  }
  uint16_t bits = 0;
};

// The small formats of ONNX: sign, exponent, mantissa; `finite`: no infinity;
// `fnuz`: no infinity and no negative zero, whose code is the one NaN.
enum class SmallFloat : uint8_t {
  kE4M3FN,
  kE4M3FNUZ,
  kE5M2,
  kE5M2FNUZ,
  kE2M1,  // in the low 4 bits
  kE2M3,  // in the low 6 bits
  kE3M2,  // in the low 6 bits
  kE8M0,  // 2^(code - 127), 255 is NaN
};

float DecodeSmallFloat(SmallFloat format, uint8_t code);
// Rounds to nearest, ties to even. Beyond the largest finite value: that value
// when `saturate`, else infinity where the format has one and NaN where not
// (E2M1, E2M3 and E3M2 have neither: they always saturate, and NaN becomes
// their -0). E8M0 rounds up to the
// next power of two unless exact, and takes the absolute value.
uint8_t EncodeSmallFloat(SmallFloat format, float value, bool saturate);

// To E8M0, of which the above rounds up: |value| to a power of two. kNearest:
// by the mantissa, 1.5 and more up. Past 2^127, and infinity: 2^127 when
// `saturate`, else NaN. What lies below 2^-127 becomes it.
enum class PowerRounding : uint8_t { kUp, kDown, kNearest };
uint8_t EncodePowerOfTwo(float value, PowerRounding rounding, bool saturate);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_FLOAT_TYPES_FLOAT_TYPES_H_
