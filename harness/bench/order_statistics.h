// Quantiles of timings, and intervals that assume nothing of how they are
// distributed.
#ifndef HONE_HARNESS_BENCH_ORDER_STATISTICS_H_
#define HONE_HARNESS_BENCH_ORDER_STATISTICS_H_

#include <cstddef>
#include <vector>

namespace hone::harness {

struct Interval {
  double value = 0;
  double low = 0;
  double high = 0;
};

// The smallest value that at least a share q of the values do not exceed
// (nearest rank); of q = 0.5 and an even number, the mean of the two in the
// middle. Requires values, none NaN, and 0 <= q <= 1.
double Quantile(std::vector<double> values, double q);

// How many order statistics are cut off at each end: the largest k such that
// [x_(k+1), x_(n-k)] holds the median with at least 95 %: 2 P(B <= k) <= 0.05
// with B binomial(n, 1/2). 0 for n < 6, where no pair of order statistics
// reaches 95 %. (Conover, Practical Nonparametric Statistics, 3.2.)
size_t CutOff(size_t n);

// The median, between the order statistics above. Fewer than 6 values give the
// smallest and the largest. Requires values, none NaN.
Interval MedianInterval(std::vector<double> values);

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_ORDER_STATISTICS_H_
