#include "harness/sweep/bounds.h"

#include <cmath>

#include "absl/strings/str_format.h"

namespace hone::harness {

std::optional<WorstDrop> WorstDropOf(const Trial& trial, const Trial& baseline,
                                     const MetricBounds& bounds) {
  std::optional<WorstDrop> worst;
  for (const Bound& bound : bounds.bounds) {
    WorstDrop one;
    one.metric = bound.metric.empty() ? bounds.first : bound.metric;
    const Measurement* before = FindMeasurement(baseline, "eval", one.metric);
    const Measurement* after = FindMeasurement(trial, "eval", one.metric);
    if (before == nullptr || after == nullptr || !std::isfinite(after->value)) {
      return std::nullopt;
    }
    const double sign = bounds.directions.value(one.metric, true) ? 1 : -1;
    one.drop = sign * (before->value - after->value);
    one.allowed = AllowedDrop(bound, before->value);
    one.excess = (one.drop - one.allowed) / (one.allowed > 0 ? one.allowed : 1);
    if (!worst.has_value() || one.excess > worst->excess) worst = one;
  }
  return worst;
}

std::string ToString(const WorstDrop& drop) {
  return absl::StrFormat("%s drops by %.4g, %.4g is allowed", drop.metric,
                         drop.drop, drop.allowed);
}

bool IsWithin(const Trial& trial, const Trial& baseline,
              const MetricBounds& bounds) {
  if (bounds.bounds.empty()) return true;
  const std::optional<WorstDrop> worst = WorstDropOf(trial, baseline, bounds);
  return worst.has_value() && worst->excess <= 0;
}

}  // namespace hone::harness
