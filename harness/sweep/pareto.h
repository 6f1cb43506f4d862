// Which trials are worth looking at.
#ifndef HONE_HARNESS_SWEEP_PARETO_H_
#define HONE_HARNESS_SWEEP_PARETO_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hone::harness {

struct Point {
  double value = 0;   // of the deciding metric
  uint64_t size = 0;  // bytes of the file
};

// Indices of the points that no other point beats: none is at least as good in
// both and better in one. Ascending by size; of equal points the first one. A
// value that is NaN is never on the front.
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
