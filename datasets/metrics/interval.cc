#include "datasets/metrics/interval.h"

#include <algorithm>
#include <cmath>

namespace hone::datasets {

Interval Wilson(int64_t hits, int64_t n) {
  const double count = static_cast<double>(n);
  const double p = static_cast<double>(hits) / count;
  const double z2 = kZ95 * kZ95;
  const double center = (p + z2 / (2 * count)) / (1 + z2 / count);
  const double half = kZ95 / (1 + z2 / count) *
                      std::sqrt(p * (1 - p) / count + z2 / (4 * count * count));
  // Exactly 0 and 1 at the ends, where rounding would leave an epsilon.
  return {hits == 0 ? 0.0 : std::max(0.0, center - half),
          hits == n ? 1.0 : std::min(1.0, center + half)};
}

void RatioOfSums::Add(double x, double y) {
  ++count_;
  const double n = static_cast<double>(count_);
  const double dx = x - mean_x_, dy = y - mean_y_;
  mean_x_ += dx / n;
  mean_y_ += dy / n;
  xx_ += dx * (x - mean_x_);
  yy_ += dy * (y - mean_y_);
  xy_ += dx * (y - mean_y_);
}

double RatioOfSums::standard_error() const {
  if (count_ < 2 || mean_y_ == 0) return 0;
  const double n = static_cast<double>(count_);
  const double r = ratio();
  const double variance =
      std::max(0.0, xx_ - 2 * r * xy_ + r * r * yy_) / (n - 1);
  return std::sqrt(variance / n) / std::abs(mean_y_);
}

}  // namespace hone::datasets
