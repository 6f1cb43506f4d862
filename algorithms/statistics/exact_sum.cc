#include "algorithms/statistics/exact_sum.h"

#include <cmath>

namespace hone {
namespace {

constexpr int kUnitExponent = -256;  // one unit is 2^-256
constexpr int kMantissaBits = 53;

}  // namespace

void ExactSum::Add(double term) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(term), &exponent);
  uint64_t mantissa =
      static_cast<uint64_t>(std::ldexp(fraction, kMantissaBits));
  int shift = exponent - kMantissaBits - kUnitExponent;
  if (shift < 0) {
    mantissa = shift <= -kMantissaBits ? 0 : mantissa >> -shift;
    shift = 0;
  }
  if (mantissa == 0) return;
  const int word = shift / 64;
  const int bit = shift % 64;
  const uint64_t low = mantissa << bit;
  const uint64_t high = bit == 0 ? 0 : mantissa >> (64 - bit);
  const bool negative = std::signbit(term);
  uint64_t carry = 0;
  for (int i = word; i < kWords; ++i) {
    const uint64_t part = i == word ? low : i == word + 1 ? high : 0;
    if (i > word + 1 && carry == 0) break;
    const uint64_t before = words_[i];
    if (negative) {
      const uint64_t once = before - part;
      words_[i] = once - carry;
      carry = (before < part) || (once < carry) ? 1 : 0;
    } else {
      const uint64_t once = before + part;
      words_[i] = once + carry;
      carry = (once < before) || (words_[i] < once) ? 1 : 0;
    }
  }
}

void ExactSum::Add(const ExactSum& other) {
  uint64_t carry = 0;
  for (int i = 0; i < kWords; ++i) {
    const uint64_t once = words_[i] + other.words_[i];
    const uint64_t twice = once + carry;
    carry = (once < words_[i]) || (twice < once) ? 1 : 0;
    words_[i] = twice;
  }
}

double ExactSum::Value() const {
  std::array<uint64_t, kWords> magnitude = words_;
  const bool negative = (words_[kWords - 1] >> 63) != 0;
  if (negative) {
    uint64_t carry = 1;
    for (uint64_t& word : magnitude) {
      word = ~word + carry;
      carry = carry != 0 && word == 0 ? 1 : 0;
    }
  }
  // From the least word up, so that what is lost is below the last place.
  double value = 0;
  for (int i = 0; i < kWords; ++i) {
    value +=
        std::ldexp(static_cast<double>(magnitude[i]), 64 * i + kUnitExponent);
  }
  return negative ? -value : value;
}

ExactSum ExactSum::FromWords(const std::array<uint64_t, kWords>& words) {
  ExactSum sum;
  sum.words_ = words;
  return sum;
}

}  // namespace hone
