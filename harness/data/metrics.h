// Metrics of datasets/metrics as metrics of the C ABI.
#ifndef HONE_HARNESS_DATA_METRICS_H_
#define HONE_HARNESS_DATA_METRICS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/data/bound_data.h"

namespace hone::harness {

// A figure with its 95 % confidence interval.
struct Figure {
  std::string metric;
  double value = 0;
  double low = 0;
  double high = 0;
};

struct EvaluateResult {
  std::vector<Figure> figures;  // in the order of the metrics
  int64_t samples = 0;
  double wall_s = 0;
  double inference_s = 0;
};

// Usage: a metric's name that there is none of (the nearest is named), or one
// that this version does not compute.
absl::Status CheckMetricNames(const std::vector<std::string>& names);
// Whether one of them compares with a reference model.
bool NeedsReference(const std::vector<std::string>& names);
// Requires a checked name.
bool HigherIsBetter(const std::string& name);
// Those asked for; else top1 with labels, or agreement, sqnr and cosine.
std::vector<std::string> MetricsOrDefault(const std::vector<std::string>& asked,
                                          bool has_targets);

// A metric of that name over the data's samples, for one evaluation. Bad input:
// it needs labels and the data has none.
absl::StatusOr<MetricPtr> NewMetric(const std::string& name,
                                    std::shared_ptr<const BoundData> data);

// `reference` may be null when no metric needs it. Bad input: a metric needs
// labels and the data has none.
absl::StatusOr<EvaluateResult> EvaluateMetrics(
    const hone_context* context, const hone_model* model,
    const hone_model* reference, const std::shared_ptr<const BoundData>& data,
    const std::vector<std::string>& names);

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_METRICS_H_
