#include "capi/metric_update/metric_update.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/error.h"
#include "capi/value.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

// Values as the pointers that a callback takes.
struct Pointers {
  explicit Pointers(absl::Span<const Value> given) {
    values.reserve(given.size());
    for (const Value& value : given) values.emplace_back(value);
    for (const hone_value& value : values) pointers.push_back(&value);
  }
  std::vector<hone_value> values;
  std::vector<const hone_value*> pointers;
};

}  // namespace

absl::Status UpdateMetrics(absl::Span<hone_metric* const> metrics,
                           uint64_t index, absl::Span<const Value> outputs,
                           absl::Span<const Value> reference,
                           const std::optional<Value>& target) {
  const Pointers ours(outputs), theirs(reference);
  std::optional<hone_value> goal;
  if (target.has_value()) goal.emplace(*target);
  for (const hone_metric* metric : metrics) {
    const hone_metric_callbacks& callbacks = metric->callbacks;
    HONE_RETURN_IF_ERROR(FromCallback(
        callbacks.update(callbacks.user, index, ours.pointers.data(),
                         reference.empty() ? nullptr : theirs.pointers.data(),
                         outputs.size(), goal.has_value() ? &*goal : nullptr)));
  }
  return absl::OkStatus();
}

absl::StatusOr<MetricValue> MetricResult(const hone_metric& metric) {
  MetricValue result;
  HONE_RETURN_IF_ERROR(FromCallback(metric.callbacks.result(
      metric.callbacks.user, &result.value, &result.low, &result.high)));
  if (!std::isfinite(result.value) || !std::isfinite(result.low) ||
      !std::isfinite(result.high)) {
    return WithCode(MakeError(absl::StatusCode::kInvalidArgument,
                              absl::StrCat("metric ", metric.name),
                              {"", "", "finite numbers",
                               absl::StrCat(result.value, " in [", result.low,
                                            ", ", result.high, "]")}),
                    HONE_ERROR_CALLBACK);
  }
  return result;
}

}  // namespace hone::capi
