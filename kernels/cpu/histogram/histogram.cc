#include "kernels/cpu/histogram/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/histogram/histogram.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// bins[i] = the bin of x[i], or kHistogramBins when that is not finite. n is a
// multiple of 16.
void BinsOf(const float* HWY_RESTRICT x, size_t n, float inverse,
            int32_t* HWY_RESTRICT bins) {
  const hn::CappedTag<float, 16> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto scale = hn::Set(d, inverse);
  const auto zero = hn::Zero(d);
  const auto below_zero = hn::Set(d, -1.0f);
  const auto half = hn::Set(di, kHistogramBins / 2);
  const auto left_out = hn::Set(di, kHistogramBins);
  for (size_t i = 0; i < n; i += hn::Lanes(d)) {
    const auto v = hn::LoadU(d, x + i);
    const auto scaled = hn::Mul(v, scale);
    // A negative element whose quotient is too small for a float belongs to the
    // bin below zero all the same.
    const auto vanished = hn::And(hn::Lt(v, zero), hn::Eq(scaled, zero));
    const auto floor = hn::IfThenElse(vanished, below_zero, hn::Floor(scaled));
    const auto bin = hn::Add(hn::ConvertTo(di, floor), half);
    const auto finite = hn::RebindMask(di, hn::IsFinite(v));
    hn::StoreU(hn::IfThenElse(finite, bin, left_out), di, bins + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(BinsOf);

int HistogramExponent(float least, float greatest) {
  constexpr int kHalfBits = 10;  // 2^10 bins on each side of zero
  int exponent = kHistogramMinExponent;
  int power = 0;
  if (greatest > 0) {
    std::frexp(greatest, &power);  // greatest < 2^power
    exponent = std::max(exponent, power - kHalfBits);
  }
  if (least < 0) {
    // -2^(power - 1) itself still lies in the first bin.
    if (std::frexp(-least, &power) == 0.5f) --power;
    exponent = std::max(exponent, power - kHalfBits);
  }
  return exponent;
}

uint64_t CountBins(const float* x, size_t n, int exponent, uint64_t* counts) {
  constexpr size_t kChunk = 1024;
  constexpr size_t kRow = kHistogramBins + 1;
  // Two tables, used in turn, so that equal neighbours do not wait for each
  // other's increment.
  std::vector<uint64_t> tables(2 * kRow, 0);
  uint64_t* even = tables.data();
  uint64_t* odd = even + kRow;
  const float inverse = std::ldexp(1.0f, -exponent);
  int32_t bins[kChunk];
  float tail[kChunk];
  for (size_t i = 0; i < n; i += kChunk) {
    const size_t count = std::min(kChunk, n - i);
    const float* chunk = x + i;
    if (count < kChunk) {
      std::fill(tail + count, tail + kChunk, 0.0f);
      std::memcpy(tail, chunk, count * sizeof(float));
      chunk = tail;
    }
    HWY_DYNAMIC_DISPATCH(BinsOf)(chunk, (count + 15) / 16 * 16, inverse, bins);
    for (size_t j = 0; j + 1 < count; j += 2) {
      ++even[bins[j]];
      ++odd[bins[j + 1]];
    }
    if (count % 2 != 0) ++even[bins[count - 1]];
  }
  for (size_t b = 0; b < kHistogramBins; ++b) counts[b] += even[b] + odd[b];
  return even[kHistogramBins] + odd[kHistogramBins];
}

}  // namespace hone
#endif  // HWY_ONCE
