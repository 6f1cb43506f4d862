// Whether a trial keeps what --max-drop asks.
#ifndef HONE_HARNESS_SWEEP_BOUNDS_H_
#define HONE_HARNESS_SWEEP_BOUNDS_H_

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/quantities.h"
#include "harness/json/json.h"
#include "harness/store/store.h"

namespace hone::harness {

struct MetricBounds {
  std::vector<Bound> bounds;
  std::string first;  // the metric of a bound that names none
  Json directions;    // metric: whether more is better
};

// The metric that is nearest to its bound, or furthest past it.
struct WorstDrop {
  std::string metric;
  double drop = 0;     // from the float model on the eval data
  double allowed = 0;  // by the bound
  // (drop - allowed) / allowed, or / 1 where nothing is allowed: 0 or less is
  // within.
  double excess = 0;
};

// Nothing: there is no bound, or a bounded metric was not measured.
std::optional<WorstDrop> WorstDropOf(const Trial& trial, const Trial& baseline,
                                     const MetricBounds& bounds);

// "top1 drops by 0.012, 0.005 is allowed".
std::string ToString(const WorstDrop& drop);

bool IsWithin(const Trial& trial, const Trial& baseline,
              const MetricBounds& bounds);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_BOUNDS_H_
