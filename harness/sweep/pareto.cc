#include "harness/sweep/pareto.h"

#include <algorithm>
#include <cmath>

namespace hone::harness {

std::vector<size_t> ParetoFront(const std::vector<Point>& points,
                                bool higher_is_better) {
  const double sign = higher_is_better ? 1 : -1;
  std::vector<size_t> order;
  for (size_t i = 0; i < points.size(); ++i) {
    if (!std::isnan(points[i].value)) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (points[a].size != points[b].size) {
      return points[a].size < points[b].size;
    }
    if (points[a].value != points[b].value) {
      return sign * points[a].value > sign * points[b].value;
    }
    return a < b;
  });
  std::vector<size_t> front;
  for (const size_t i : order) {
    if (front.empty() ||
        sign * points[i].value > sign * points[front.back()].value) {
      front.push_back(i);
    }
  }
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
      // Ascending by size: the first that meets the bound is the smallest.
      if (sign * points[i].value >= sign * *bound) return i;
    } else if (!best.has_value() ||
               sign * points[i].value > sign * points[*best].value) {
      best = i;
    }
  }
  return best;
}

}  // namespace hone::harness
