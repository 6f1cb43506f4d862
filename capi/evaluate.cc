// hone_evaluate: metrics of a model over a dataset.
#include "algorithms/evaluation/evaluate.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/metric.h"
#include "capi/metric_update/metric_update.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/result.h"
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
    hone::RunnerOptions run = hone::capi::RunnerOptionsOf(context);
    HONE_ASSIGN_OR_RETURN(run.state, hone::capi::GetState(options));
    hone::capi::CallbackSource source(dataset, &model->model.graph,
                                      /*keep_targets=*/true, run.state);
    hone::Runner runner(std::move(run));
    for (size_t i = 0; i < metric_count; ++i) metrics[i]->used = true;
    HONE_ASSIGN_OR_RETURN(
        const hone::Evaluation evaluation,
        hone::Evaluate(
            model->model, reference == nullptr ? nullptr : &reference->model,
            source, runner,
            [&](uint64_t index, absl::Span<const hone::Value> outputs,
                absl::Span<const hone::Value> references) {
              return hone::capi::UpdateMetrics({metrics, metric_count}, index,
                                               outputs, references,
                                               source.TakeTarget(index));
            }));
    auto result = std::make_unique<hone_result>();
    nlohmann::ordered_json json;
    json["samples"] = evaluation.samples;
    json["metrics"] = nlohmann::ordered_json::object();
    for (size_t i = 0; i < metric_count; ++i) {
      HONE_ASSIGN_OR_RETURN(const hone::capi::MetricValue value,
                            hone::capi::MetricResult(*metrics[i]));
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
