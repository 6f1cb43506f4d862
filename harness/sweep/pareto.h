// Which trials are worth looking at.
#ifndef HONE_HARNESS_SWEEP_PARETO_H_
#define HONE_HARNESS_SWEEP_PARETO_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace hone::harness {

struct Point {
  double value = 0;   // of the deciding metric
  uint64_t size = 0;  // bytes of the file
  // Interval of the latency beside the float model's; NaN when it was not
  // measured. One is faster than another where their intervals are apart, so
  // that noise keeps nothing on the front.
  double latency_low = std::numeric_limits<double>::quiet_NaN();
  double latency_high = std::numeric_limits<double>::quiet_NaN();
};

// Indices of the points that no other point beats: none is at least as good in
// value and size, not slower, and better in one of the three. Ascending by
// size; of points that are alike in all three the first one. A value that is
// NaN is never on the front.
std::vector<size_t> ParetoFront(const std::vector<Point>& points,
                                bool higher_is_better);

// The best model of the front (indices into `points`):
//   without `bound`: the best value; of equals the smaller file.
//   with it: the smallest file whose value is at least `bound` (at most, when
//   lower is better); of equals the better value; nullopt when there is none.
std::optional<size_t> BestPoint(const std::vector<Point>& points,
                                const std::vector<size_t>& front,
                                bool higher_is_better,
                                std::optional<double> bound);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_PARETO_H_
