// hone_quantize_with_accuracy_control.
#include "algorithms/accuracy_control/accuracy_control.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "algorithms/quantization/post_training.h"
#include "algorithms/quantization/quantizer.h"
#include "algorithms/runner/boundary_cache.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/metric.h"
#include "capi/metric_update/metric_update.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/quantize_options.h"
#include "capi/quantize_report/quantize_report.h"
#include "capi/result.h"
#include "ir/error/error.h"
#include "ir/tensor/value.h"

namespace hone::capi {
namespace {

using Bounds = absl::Span<const hone_accuracy_bound>;

struct MetricFree {
  void operator()(hone_metric* metric) const { hone_metric_free(metric); }
};
using MetricPtr = std::unique_ptr<hone_metric, MetricFree>;

absl::StatusOr<std::vector<MetricPtr>> NewMetrics(Bounds bounds) {
  std::vector<MetricPtr> metrics;
  for (size_t i = 0; i < bounds.size(); ++i) {
    hone_metric* metric = nullptr;
    HONE_RETURN_IF_ERROR(
        FromCallback(bounds[i].new_metric(bounds[i].user, &metric)));
    if (metric == nullptr) return NullArgument(absl::StrCat("new_metric ", i));
    metrics.emplace_back(metric);
    if (metric->used) {
      return Misuse("has been used by another evaluation",
                    absl::StrCat("new_metric ", i), "a new metric");
    }
    metric->used = true;
  }
  return metrics;
}

// Targets by sample: values that come from a kept prefix read no sample, so
// what a sample was to give is kept from the first time.
class Targets {
 public:
  explicit Targets(CallbackSource* source) : source_(source), kept_(kBytes) {}

  absl::StatusOr<std::optional<Value>> Of(uint64_t index) {
    std::optional<Value> target = source_->TakeTarget(index);
    if (target.has_value()) {
      HONE_RETURN_IF_ERROR(kept_.Put("", index, *target));
      return target;
    }
    if (!kept_.Has("", index)) return std::nullopt;
    HONE_ASSIGN_OR_RETURN(Value value, kept_.Get("", index));
    return value;
  }

 private:
  static constexpr uint64_t kBytes = uint64_t{64} << 20;

  CallbackSource* source_;
  BoundaryCache kept_;
};

class CallbackMetrics : public MetricSet {
 public:
  CallbackMetrics(std::vector<MetricPtr> metrics, Targets* targets)
      : metrics_(std::move(metrics)), targets_(targets) {
    for (const MetricPtr& metric : metrics_) raw_.push_back(metric.get());
  }

  absl::Status Add(uint64_t index, absl::Span<const Value> outputs,
                   absl::Span<const Value> reference) override {
    HONE_ASSIGN_OR_RETURN(const std::optional<Value> target,
                          targets_->Of(index));
    return UpdateMetrics(raw_, index, outputs, reference, target);
  }

  absl::StatusOr<std::vector<MetricFigure>> Result() override {
    std::vector<MetricFigure> figures;
    for (const MetricPtr& metric : metrics_) {
      HONE_ASSIGN_OR_RETURN(const MetricValue value, MetricResult(*metric));
      figures.push_back({value.value, value.low, value.high});
    }
    return figures;
  }

 private:
  std::vector<MetricPtr> metrics_;
  std::vector<hone_metric*> raw_;
  Targets* targets_;
};

absl::Status CheckBounds(Bounds bounds) {
  for (size_t i = 0; i < bounds.size(); ++i) {
    const std::string where = absl::StrCat("bounds[", i, "]");
    if (bounds[i].struct_size < sizeof(hone_accuracy_bound)) {
      return Misuse("struct_size", where,
                    absl::StrCat(sizeof(hone_accuracy_bound)),
                    absl::StrCat(bounds[i].struct_size));
    }
    if (bounds[i].new_metric == nullptr) {
      return NullArgument(absl::StrCat(where, ".new_metric"));
    }
    if (!(bounds[i].max_drop >= 0)) {
      return Misuse("max_drop", where, "0 or more",
                    absl::StrCat(bounds[i].max_drop));
    }
  }
  return absl::OkStatus();
}

// Names, and whether a reference is needed, are the metrics' own.
absl::Status DescribeBounds(Bounds bounds, AccuracyControlOptions* options) {
  HONE_ASSIGN_OR_RETURN(const std::vector<MetricPtr> metrics,
                        NewMetrics(bounds));
  for (size_t i = 0; i < bounds.size(); ++i) {
    for (const MetricBound& other : options->bounds) {
      if (other.metric == metrics[i]->name) {
        return Misuse("name of another metric too",
                      absl::StrCat("bounds[", i, "]"), "different names",
                      other.metric);
      }
    }
    options->bounds.push_back({metrics[i]->name, bounds[i].max_drop,
                               bounds[i].relative != 0,
                               bounds[i].higher_is_better != 0});
    options->needs_reference =
        options->needs_reference || metrics[i]->callbacks.needs_reference != 0;
  }
  return absl::OkStatus();
}

nlohmann::ordered_json FiguresJson(const std::vector<MetricBound>& bounds,
                                   const std::vector<MetricFigure>& figures) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (size_t i = 0; i < figures.size(); ++i) {
    json[bounds[i].metric] = {{"value", figures[i].value},
                              {"low", figures[i].low},
                              {"high", figures[i].high}};
  }
  return json;
}

nlohmann::ordered_json ControlJson(const AccuracyControlResult& result,
                                   const std::vector<MetricBound>& bounds,
                                   const Graph& prepared) {
  nlohmann::ordered_json json;
  json["message"] = result.message;
  json["remedy"] = result.remedy;
  json["layers"] = result.ranking.layers.size();
  json["layers_in_float"] = result.in_float;
  json["in_float"] = nlohmann::ordered_json::array();
  json["int8_macs"] = result.int8_macs;
  json["ranking"] = nlohmann::ordered_json::array();
  for (size_t i = 0; i < result.ranking.layers.size(); ++i) {
    const RankedLayer& layer = result.ranking.layers[i];
    const Node& node = prepared.nodes[layer.node];
    const std::string label = NodeLabel(node);
    if (static_cast<int>(i) < result.in_float)
      json["in_float"].push_back(label);
    json["ranking"].push_back(
        {{"name", label}, {"op", node.op_type}, {"cost", layer.cost}});
  }
  json["trials"] = nlohmann::ordered_json::array();
  for (const AccuracyTrial& trial : result.trials) {
    json["trials"].push_back({{"remedy", trial.remedy},
                              {"layers_in_float", trial.in_float},
                              {"samples", trial.samples},
                              {"metrics", FiguresJson(bounds, trial.figures)},
                              {"met", trial.met},
                              {"rejected_early", trial.rejected_early}});
  }
  json["ranking_reused"] = result.ranking.reused;
  json["reused"] = result.reused;
  return json;
}

struct Work {
  const hone_context* context;
  const hone_model* model;
  const hone_dataset* calibration;
  const hone_dataset* eval;
  Bounds bounds;
  const hone_options* options;
};

absl::Status Run(const Work& work, hone_model** out, hone_result** report) {
  if (work.bounds.empty()) {
    return Misuse("no metric is bounded", "bound_count", "1 or more", "0");
  }
  HONE_RETURN_IF_ERROR(CheckBounds(work.bounds));
  HONE_RETURN_IF_ERROR(RefuseState(work.options, "accuracy control"));
  HONE_ASSIGN_OR_RETURN(const PostTrainingOptions wanted,
                        QuantizeOptions(work.options));
  AccuracyControlOptions control;
  control.remedies = GetBool(work.options, "remedies");
  HONE_RETURN_IF_ERROR(DescribeBounds(work.bounds, &control));
  const absl::Time start = absl::Now();
  const Model& model = work.model->model;
  Runner runner(RunnerOptionsOf(work.context));
  if (runner.options().memory_limit > 0) {
    control.cache_bytes =
        std::min(control.cache_bytes, runner.options().memory_limit / 2);
  }
  CallbackSource calibration(work.calibration, &model.graph,
                             /*keep_targets=*/false);
  CallbackSource eval(work.eval, &model.graph, /*keep_targets=*/true);
  Targets targets(&eval);
  control.new_metrics = [&]() -> absl::StatusOr<std::unique_ptr<MetricSet>> {
    HONE_ASSIGN_OR_RETURN(std::vector<MetricPtr> metrics,
                          NewMetrics(work.bounds));
    return std::make_unique<CallbackMetrics>(std::move(metrics), &targets);
  };
  HONE_ASSIGN_OR_RETURN(
      const Quantizer quantizer,
      Quantizer::Calibrate(model, calibration, wanted, runner));
  HONE_ASSIGN_OR_RETURN(
      AccuracyControlResult result,
      ControlAccuracy(quantizer, calibration, eval, control, runner));
  QuantizeResult quantized;
  quantized.model = std::move(result.quantized.model);
  quantized.rows = std::move(result.quantized.rows);
  quantized.passes = quantizer.passes();
  quantized.inference_seconds = runner.inference_seconds();
  quantized.wall_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  HONE_RETURN_IF_ERROR(RecordQuantization(work.options, calibration.identity(),
                                          &quantized.model));
  if (!result.remedy.empty()) {
    quantized.model.metadata["hone.remedy"] = result.remedy;
  }
  Log(work.context, HONE_LOG_INFO, result.message);
  LogRows(work.context, quantized.rows);
  std::unique_ptr<hone_result> rows;
  if (report != nullptr) {
    rows = std::make_unique<hone_result>();
    rows->rows = quantized.rows;
    for (size_t i = 0; i < control.bounds.size(); ++i) {
      const MetricFigure& figure = result.figures[i];
      rows->metrics[control.bounds[i].metric] = {figure.value, figure.low,
                                                 figure.high};
    }
    nlohmann::ordered_json json;
    json["baseline"] = FiguresJson(control.bounds, result.baseline);
    json["metrics"] = FiguresJson(control.bounds, result.figures);
    json["met"] = result.met;
    json["accuracy_control"] =
        ControlJson(result, control.bounds, quantizer.prepared().graph);
    DescribeQuantization(model, quantized, &json);
    rows->json = JsonText(json);
  }
  HONE_ASSIGN_OR_RETURN(*out, NewModel(std::move(quantized.model)));
  if (report != nullptr) *report = rows.release();
  return absl::OkStatus();
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_quantize_with_accuracy_control(
    const hone_context* context, const hone_model* model,
    const hone_dataset* calibration, const hone_dataset* eval,
    const hone_accuracy_bound* bounds, size_t bound_count,
    const hone_options* options, hone_model** out, hone_result** report) {
  if (report != nullptr) *report = nullptr;
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  HONE_REQUIRE(calibration);
  HONE_REQUIRE(eval);
  HONE_REQUIRE(bounds);
  return hone::capi::Guard([&] {
    return hone::capi::Run(
        {context, model, calibration, eval, {bounds, bound_count}, options},
        out, report);
  });
}
