#include "harness/sweep/pareto.h"

#include <algorithm>
#include <cmath>

namespace hone::harness {

namespace {

// False when either was not measured.
bool Faster(const Point& a, const Point& b) {
  return a.latency_high < b.latency_low;
}

bool Beats(const std::vector<Point>& points, size_t i, size_t j, double sign) {
  const Point &a = points[i], &b = points[j];
  if (sign * a.value < sign * b.value || a.size > b.size || Faster(b, a)) {
    return false;
  }
  return sign * a.value > sign * b.value || a.size < b.size || Faster(a, b) ||
         i < j;
}

}  // namespace

std::vector<size_t> ParetoFront(const std::vector<Point>& points,
                                bool higher_is_better) {
  const double sign = higher_is_better ? 1 : -1;
  std::vector<size_t> front;
  for (size_t j = 0; j < points.size(); ++j) {
    if (std::isnan(points[j].value)) continue;
    bool beaten = false;
    for (size_t i = 0; i < points.size() && !beaten; ++i) {
      beaten =
          i != j && !std::isnan(points[i].value) && Beats(points, i, j, sign);
    }
    if (!beaten) front.push_back(j);
  }
  std::sort(front.begin(), front.end(), [&](size_t a, size_t b) {
    return points[a].size != points[b].size ? points[a].size < points[b].size
                                            : a < b;
  });
  return front;
}

std::optional<size_t> BestPoint(const std::vector<Point>& points,
                                const std::vector<size_t>& front,
                                bool higher_is_better,
                                std::optional<double> bound) {
  const double sign = higher_is_better ? 1 : -1;
  std::optional<size_t> best;
  for (const size_t i : front) {
    if (bound.has_value()) {
      // Ascending by size; of equal sizes the better value.
      if (sign * points[i].value < sign * *bound) continue;
      if (!best.has_value()) best = i;
      if (points[i].size > points[*best].size) break;
      if (sign * points[i].value > sign * points[*best].value) best = i;
    } else if (!best.has_value() ||
               sign * points[i].value > sign * points[*best].value) {
      best = i;
    }
  }
  return best;
}

}  // namespace hone::harness
