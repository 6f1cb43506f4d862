#include "harness/bench/order_statistics.h"

#include <algorithm>
#include <cmath>

namespace hone::harness {

double Quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  if (q == 0.5 && n % 2 == 0) return (values[n / 2 - 1] + values[n / 2]) / 2;
  const double rank = std::ceil(q * static_cast<double>(n) - 1e-9);
  return values[rank < 1 ? 0 : std::min(static_cast<size_t>(rank), n) - 1];
}

size_t CutOff(size_t n) {
  const double count = static_cast<double>(n);
  double below = 0;  // P(B <= k)
  for (size_t k = 0; 2 * k + 2 < n; ++k) {
    const double i = static_cast<double>(k);
    below += std::exp(std::lgamma(count + 1) - std::lgamma(i + 1) -
                      std::lgamma(count - i + 1) - count * std::log(2.0));
    if (below > 0.025) return k == 0 ? 0 : k - 1;
  }
  return 0;
}

Interval MedianInterval(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t cut = CutOff(values.size());
  return {Quantile(values, 0.5), values[cut], values[values.size() - 1 - cut]};
}

}  // namespace hone::harness
