// Calls of a metric's callbacks.
#ifndef HONE_CAPI_METRIC_UPDATE_METRIC_UPDATE_H_
#define HONE_CAPI_METRIC_UPDATE_METRIC_UPDATE_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "capi/metric.h"
#include "capi/result.h"
#include "ir/tensor/value.h"

namespace hone::capi {

// One sample for every metric. `reference` is empty without a reference model.
// The callback's error as it was given.
absl::Status UpdateMetrics(absl::Span<hone_metric* const> metrics,
                           uint64_t index, absl::Span<const Value> outputs,
                           absl::Span<const Value> reference,
                           const std::optional<Value>& target);

// The callback's error; HONE_ERROR_CALLBACK for figures that are not finite.
absl::StatusOr<MetricValue> MetricResult(const hone_metric& metric);

}  // namespace hone::capi

#endif  // HONE_CAPI_METRIC_UPDATE_METRIC_UPDATE_H_
