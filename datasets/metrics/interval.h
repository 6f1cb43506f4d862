// 95 % confidence intervals.
#ifndef HONE_DATASETS_METRICS_INTERVAL_H_
#define HONE_DATASETS_METRICS_INTERVAL_H_

#include <cstdint>

namespace hone::datasets {

inline constexpr double kZ95 = 1.959963984540054;

struct Interval {
  double low = 0;
  double high = 0;
};

// Wilson's score interval for hits of n trials. Requires 0 <= hits <= n, n
// >= 1.
Interval Wilson(int64_t hits, int64_t n);

// Sums of pairs (x, y), one a sample, for means (y = 1) and ratios of sums.
// Welford's updates: no cancellation.
class RatioOfSums {
 public:
  void Add(double x, double y);
  int64_t count() const { return count_; }
  double ratio() const { return mean_x_ / mean_y_; }  // requires mean y != 0
  // Standard error of the ratio by the delta method: sqrt(var(x - r y) / n) /
  // |mean y|. 0 for one sample.
  double standard_error() const;

 private:
  int64_t count_ = 0;
  double mean_x_ = 0, mean_y_ = 0;
  double xx_ = 0, xy_ = 0, yy_ = 0;  // centered second moments, times n
};

}  // namespace hone::datasets

#endif  // HONE_DATASETS_METRICS_INTERVAL_H_
