// A histogram whose bins never depend on the order of what it saw.
//
// 2,048 bins of width w = 2^exponent(): bin i counts the elements of
// [(i - 1024) * w, (i - 1023) * w). The width is the least power of two (not
// below 2^-60) that covers everything seen; when a greater magnitude arrives, w
// doubles and bins merge in pairs, which is exact because floor(floor(x/w)/2) =
// floor(x/2w). So merging shards in any order gives the very same counts.
#ifndef HONE_ALGORITHMS_STATISTICS_HISTOGRAM_H_
#define HONE_ALGORITHMS_STATISTICS_HISTOGRAM_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace hone {

class Histogram {
 public:
  static constexpr int kBins = 2048;
  static constexpr int kMinExponent = -60;

  // Counts the finite elements of `values`, all of which lie in
  // [least, greatest]. NaN and Inf are left out.
  void Add(absl::Span<const float> values, float least, float greatest);
  void Merge(const Histogram& other);

  bool empty() const { return counts_.empty(); }
  int exponent() const { return exponent_; }
  double bin_width() const;
  // kBins counts, or none when nothing was added.
  const std::vector<uint64_t>& counts() const { return counts_; }
  uint64_t total() const;
  // The least x with at least fraction * total() elements at or below its bin's
  // end, interpolated inside the bin. fraction in [0, 1]. Requires !empty().
  double Quantile(double fraction) const;

  // For readers of files: counts.size() is kBins.
  static Histogram FromCounts(int exponent, std::vector<uint64_t> counts);

  friend bool operator==(const Histogram& a, const Histogram& b) {
    return a.exponent_ == b.exponent_ && a.counts_ == b.counts_;
  }

 private:
  void WidenTo(int exponent);

  int exponent_ = kMinExponent;
  std::vector<uint64_t> counts_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_HISTOGRAM_H_
