// hone_sensitivity: what each quantized layer costs the model's outputs.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/accuracy_control/ranking.h"
#include "algorithms/inspect/inspect.h"
#include "algorithms/quantization/quantizer.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_loop.h"
#include "algorithms/runner/sample_source.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/hone.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/quantize_options.h"
#include "capi/result.h"
#include "capi/statistics.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"

namespace hone::capi {
namespace {

using Json = nlohmann::ordered_json;

// Of kept prefixes, in memory.
constexpr uint64_t kCacheBytes = uint64_t{256} << 20;

// One stage over all runs, not one a run.
class LayerProgress {
 public:
  explicit LayerProgress(std::function<void(const Progress&)> progress)
      : progress_(std::move(progress)), start_(absl::Now()) {}
  void operator()(uint64_t done, uint64_t total) const {
    if (progress_ == nullptr) return;
    Progress now;
    now.stage = "layer sensitivity";
    now.done = done;
    now.total = total;
    now.elapsed_s = absl::ToDoubleSeconds(absl::Now() - start_);
    now.eta_s = now.elapsed_s /
                static_cast<double>(std::max<uint64_t>(1, done)) *
                static_cast<double>(total - done);
    progress_(now);
  }

 private:
  const std::function<void(const Progress&)> progress_;
  const absl::Time start_;
};

absl::StatusOr<Json> LayersJson(const Model& prepared,
                                const Sensitivity& sensitivity) {
  HONE_ASSIGN_OR_RETURN(const ModelSummary summary, Inspect(prepared));
  Json layers = Json::array();
  for (const LayerSensitivity& layer : sensitivity.layers) {
    const size_t i = static_cast<size_t>(layer.node);
    const Node& node = prepared.graph.nodes[i];
    Json one;
    one["name"] = NodeLabel(node);
    one["op"] = node.op_type;
    one["macs"] = i < summary.node_macs.size()
                      ? Json(summary.node_macs[i].value_or(0))
                      : Json(0);
    one["without"] = layer.without;
    one["alone"] = layer.alone.has_value() ? Json(*layer.alone) : Json(nullptr);
    layers.push_back(std::move(one));
  }
  return layers;
}

struct Work {
  const hone_context* context;
  const hone_model* model;
  const hone_dataset* dataset;
  const hone_statistics* statistics;
  const hone_options* options;
  uint64_t samples;
};

absl::Status Run(const Work& work, hone_result** out) {
  if (work.samples == 0) return Misuse("samples", "samples", "1 or more", "0");
  HONE_RETURN_IF_ERROR(RefuseState(work.options, "sensitivity"));
  HONE_ASSIGN_OR_RETURN(const PostTrainingOptions wanted,
                        QuantizeOptions(work.options));
  const absl::Time start = absl::Now();
  const Model& model = work.model->model;
  RunnerOptions options = RunnerOptionsOf(work.context);
  const LayerProgress progress(std::move(options.progress));
  options.progress = nullptr;
  Runner runner(std::move(options));
  uint64_t cache_bytes = kCacheBytes;
  if (runner.options().memory_limit > 0) {
    cache_bytes = std::min(cache_bytes, runner.options().memory_limit / 2);
  }
  CallbackSource source(work.dataset, &model.graph, /*keep_targets=*/false);
  if (source.size() == 0) {
    return Misuse("dataset", "dataset", "1 sample or more", "0");
  }
  HONE_ASSIGN_OR_RETURN(
      const Quantizer quantizer,
      work.statistics == nullptr
          ? Quantizer::Calibrate(model, source, wanted, runner)
          : Quantizer::FromStatistics(model, work.statistics->statistics,
                                      wanted));
  HONE_ASSIGN_OR_RETURN(const std::vector<int> layers, quantizer.Layers());
  const std::vector<uint64_t> samples = SpreadSamples(
      source.size(), std::min<uint64_t>(work.samples, source.size()),
      wanted.seed);
  HONE_ASSIGN_OR_RETURN(const Sensitivity sensitivity,
                        MeasureSensitivity(quantizer, layers, source, samples,
                                           runner, cache_bytes, progress));
  auto result = std::make_unique<hone_result>();
  Json json;
  json["samples"] = samples.size();
  json["wall_s"] = absl::ToDoubleSeconds(absl::Now() - start);
  json["output_error"] = sensitivity.output_error;
  json["reused"] = sensitivity.reused;
  HONE_ASSIGN_OR_RETURN(json["layers"],
                        LayersJson(quantizer.prepared(), sensitivity));
  result->json = JsonText(json);
  *out = result.release();
  return absl::OkStatus();
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_sensitivity(const hone_context* context,
                             const hone_model* model,
                             const hone_dataset* dataset,
                             const hone_statistics* statistics,
                             const hone_options* options, uint64_t samples,
                             hone_result** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  HONE_REQUIRE(dataset);
  return hone::capi::Guard([&] {
    return hone::capi::Run(
        {context, model, dataset, statistics, options, samples}, out);
  });
}
