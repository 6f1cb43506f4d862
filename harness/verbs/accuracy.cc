#include "harness/verbs/accuracy.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/data/metrics.h"
#include "harness/error/error.h"
#include "harness/verbs/figures.h"

namespace hone::harness {
namespace {

struct MetricMaker {
  std::string name;
  std::shared_ptr<const BoundData> data;
};

hone_error* MakeMetric(void* user, hone_metric** out) {
  const auto* maker = static_cast<const MetricMaker*>(user);
  absl::StatusOr<MetricPtr> metric = NewMetric(maker->name, maker->data);
  if (!metric.ok()) return ToHone(metric.status());
  *out = metric->release();
  return nullptr;
}

}  // namespace

absl::StatusOr<std::vector<Bound>> NamedBounds(
    std::vector<Bound> bounds, const std::vector<std::string>& metrics) {
  for (size_t i = 0; i < bounds.size(); ++i) {
    if (bounds[i].metric.empty()) bounds[i].metric = metrics[0];
    const std::string& metric = bounds[i].metric;
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      return UsageError(absl::StrCat("--max-drop: ", metric,
                                     " is not among the metrics measured"));
    }
    for (size_t j = 0; j < i; ++j) {
      if (bounds[j].metric == metric) {
        return UsageError(
            absl::StrCat("--max-drop: ", metric, " is bounded twice"));
      }
    }
  }
  return bounds;
}

absl::StatusOr<Controlled> QuantizeWithin(
    const Environment& environment, const hone_model* model,
    const hone_dataset* calibration,
    const std::shared_ptr<const BoundData>& eval,
    const std::vector<std::string>& metrics, const std::vector<Bound>& bounds,
    const hone_options* options) {
  std::vector<MetricMaker> makers;
  for (const std::string& metric : metrics) makers.push_back({metric, eval});
  std::vector<hone_accuracy_bound> raw;
  for (MetricMaker& maker : makers) {
    hone_accuracy_bound bound = {};
    bound.struct_size = sizeof(bound);
    bound.user = &maker;
    bound.new_metric = MakeMetric;
    bound.max_drop = std::numeric_limits<double>::infinity();
    bound.higher_is_better = HigherIsBetter(maker.name);
    for (const Bound& asked : bounds) {
      if (asked.metric != maker.name) continue;
      bound.max_drop = asked.drop;
      bound.relative = asked.relative;
    }
    raw.push_back(bound);
  }
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset, AsDataset(eval, ""));
  Controlled out;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_quantize_with_accuracy_control(
      environment.context, model, calibration, dataset.get(), raw.data(),
      raw.size(), options, Out(&out.model), Out(&out.result))));
  return out;
}

void SayControl(const Json& report, Outcome* outcome) {
  outcome->met = report.value("met", false);
  const Json control = report.value("accuracy_control", Json::object());
  absl::StrAppend(&outcome->text, control.value("message", std::string()),
                  "\n");
  const Json trials = control.value("trials", Json::array());
  for (const Json& trial : trials) {
    const Json metrics = trial.value("metrics", Json::object());
    const std::string remedy = trial.value("remedy", std::string());
    absl::StrAppendFormat(&outcome->text, "  %s%s%d layers in float:", remedy,
                          remedy.empty() ? "" : ", ",
                          trial.value("layers_in_float", 0));
    for (const auto& [metric, figure] : metrics.items()) {
      absl::StrAppend(
          &outcome->text, " ", metric, " ",
          IntervalText(figure.value("value", 0.0), figure.value("low", 0.0),
                       figure.value("high", 0.0)));
    }
    absl::StrAppendFormat(
        &outcome->text, " on %d samples: %s\n", trial.value("samples", 0),
        trial.value("met", false)              ? "met"
        : trial.value("rejected_early", false) ? "rejected early"
                                               : "not met");
  }
}

}  // namespace hone::harness
