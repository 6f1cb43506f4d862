// hone_evaluate: metrics of a model over a dataset.
#include "algorithms/evaluation/evaluate.h"

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/metric.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/result.h"
#include "capi/value.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

absl::Status CheckMetrics(hone_metric* const* metrics, size_t count,
                          bool has_reference) {
  for (size_t i = 0; i < count; ++i) {
    const std::string where = absl::StrCat("metrics[", i, "]");
    if (metrics[i] == nullptr) return NullArgument(where);
    if (metrics[i]->used) {
      return Misuse("has been used by another evaluation", where,
                    "a new metric");
    }
    if (metrics[i]->callbacks.needs_reference != 0 && !has_reference) {
      return Misuse(absl::StrCat(metrics[i]->name, " needs a reference model"),
                    where, "a reference", "NULL");
    }
    for (size_t j = 0; j < i; ++j) {
      if (metrics[j]->name == metrics[i]->name) {
        return Misuse("name of another metric too", where, "different names",
                      metrics[i]->name);
      }
    }
  }
  return absl::OkStatus();
}

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

absl::Status Update(hone_metric* const* metrics, size_t count, uint64_t index,
                    absl::Span<const Value> outputs,
                    absl::Span<const Value> reference,
                    const std::optional<Value>& target) {
  const Pointers ours(outputs), theirs(reference);
  std::optional<hone_value> goal;
  if (target.has_value()) goal.emplace(*target);
  for (size_t i = 0; i < count; ++i) {
    const hone_metric_callbacks& callbacks = metrics[i]->callbacks;
    HONE_RETURN_IF_ERROR(FromCallback(
        callbacks.update(callbacks.user, index, ours.pointers.data(),
                         reference.empty() ? nullptr : theirs.pointers.data(),
                         outputs.size(), goal.has_value() ? &*goal : nullptr)));
  }
  return absl::OkStatus();
}

absl::StatusOr<MetricValue> ResultOf(const hone_metric& metric) {
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

}  // namespace
}  // namespace hone::capi

hone_error* hone_evaluate(const hone_context* context, const hone_model* model,
                          const hone_model* reference,
                          const hone_dataset* dataset,
                          hone_metric* const* metrics, size_t metric_count,
                          const hone_options* options, hone_result** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  HONE_REQUIRE(dataset);
  if (metric_count > 0) HONE_REQUIRE(metrics);
  return hone::capi::Guard([&]() -> absl::Status {
    HONE_RETURN_IF_ERROR(hone::capi::CheckVerb(options, "evaluate"));
    HONE_RETURN_IF_ERROR(
        hone::capi::CheckMetrics(metrics, metric_count, reference != nullptr));
    hone::Runner runner(hone::capi::RunnerOptionsOf(context));
    hone::capi::CallbackSource source(dataset, &model->model.graph,
                                      /*keep_targets=*/true);
    for (size_t i = 0; i < metric_count; ++i) metrics[i]->used = true;
    HONE_ASSIGN_OR_RETURN(
        const hone::Evaluation evaluation,
        hone::Evaluate(
            model->model, reference == nullptr ? nullptr : &reference->model,
            source, runner,
            [&](uint64_t index, absl::Span<const hone::Value> outputs,
                absl::Span<const hone::Value> references) {
              return hone::capi::Update(metrics, metric_count, index, outputs,
                                        references, source.TakeTarget(index));
            }));
    auto result = std::make_unique<hone_result>();
    nlohmann::ordered_json json;
    json["samples"] = evaluation.samples;
    json["metrics"] = nlohmann::ordered_json::object();
    for (size_t i = 0; i < metric_count; ++i) {
      HONE_ASSIGN_OR_RETURN(const hone::capi::MetricValue value,
                            hone::capi::ResultOf(*metrics[i]));
      result->metrics[metrics[i]->name] = value;
      json["metrics"][metrics[i]->name] = {
          {"value", value.value}, {"low", value.low}, {"high", value.high}};
    }
    json["wall_s"] = evaluation.wall_seconds;
    json["inference_s"] = evaluation.inference_seconds;
    json["engine"] = absl::StrCat("hone ", hone::capi::kVersion);
    result->json = hone::capi::JsonText(json);
    *out = result.release();
    return absl::OkStatus();
  });
}
