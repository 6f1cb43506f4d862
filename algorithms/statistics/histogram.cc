#include "algorithms/statistics/histogram.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/cpu/histogram/histogram.h"

namespace hone {
namespace {

constexpr int kHalf = Histogram::kBins / 2;
constexpr int kHalfBits = 10;  // 2^10 bins on each side of zero

static_assert(Histogram::kBins == kHistogramBins &&
                  Histogram::kMinExponent == kHistogramMinExponent,
              "the kernel counts in these bins");

}  // namespace

double Histogram::bin_width() const { return std::ldexp(1.0, exponent_); }

void Histogram::WidenTo(int exponent) {
  if (counts_.empty()) {
    counts_.assign(kBins, 0);
    exponent_ = exponent;
    return;
  }
  const int doublings = exponent - exponent_;
  if (doublings <= 0) return;
  // floor((i - 1024) / 2^n) is what n halvings give; 11 send every bin to the
  // two around zero.
  const int n = std::min(doublings, kHalfBits + 1);
  std::vector<uint64_t> wider(kBins, 0);
  for (int i = 0; i < kBins; ++i) {
    const int from_zero = i - kHalf;
    const int bin =
        from_zero >= 0 ? from_zero >> n : -((-from_zero - 1) >> n) - 1;
    wider[bin + kHalf] += counts_[i];
  }
  counts_ = std::move(wider);
  exponent_ = exponent;
}

void Histogram::Add(absl::Span<const float> values, float least,
                    float greatest) {
  if (!(least <= greatest)) return;  // nothing finite
  WidenTo(std::max(exponent_, HistogramExponent(least, greatest)));
  CountBins(values.data(), values.size(), exponent_, counts_.data());
}

void Histogram::Merge(const Histogram& other) {
  if (other.empty()) return;
  if (empty()) {
    *this = other;
    return;
  }
  WidenTo(other.exponent_);
  if (other.exponent_ == exponent_) {
    for (int i = 0; i < kBins; ++i) counts_[i] += other.counts_[i];
    return;
  }
  Histogram widened = other;
  widened.WidenTo(exponent_);
  for (int i = 0; i < kBins; ++i) counts_[i] += widened.counts_[i];
}

uint64_t Histogram::total() const {
  uint64_t total = 0;
  for (const uint64_t count : counts_) total += count;
  return total;
}

double Histogram::Quantile(double fraction) const {
  const double wanted = fraction * static_cast<double>(total());
  double seen = 0;
  int last = 0;
  for (int i = 0; i < kBins; ++i) {
    if (counts_[i] == 0) continue;
    const double count = static_cast<double>(counts_[i]);
    if (seen + count >= wanted) {
      return (i - kHalf + (wanted - seen) / count) * bin_width();
    }
    seen += count;
    last = i;
  }
  return (last - kHalf + 1) * bin_width();
}

Histogram Histogram::FromCounts(int exponent, std::vector<uint64_t> counts) {
  Histogram histogram;
  histogram.exponent_ = exponent;
  histogram.counts_ = std::move(counts);
  return histogram;
}

}  // namespace hone
