// hone_compare: how far one model is from another.
#include "algorithms/comparison/compare.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/hone.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/result.h"
#include "ir/error/error.h"
#include "ir/report/report.h"

namespace hone::capi {
namespace {

using Json = nlohmann::ordered_json;

Json ValueToJson(const ComparedValue& value) {
  Json json;
  json["name"] = value.value.name;
  json["second_name"] = value.value.second;
  json["node"] = value.value.node;
  json["op"] = value.value.op;
  json["output"] = value.output;
  json["elements"] = value.distance.elements;
  json["sqnr_db"] = value.distance.SqnrDb();
  json["cosine"] = value.distance.Cosine();
  json["max_abs_error"] = value.distance.max_abs_error;
  if (value.distance.not_finite > 0) {
    json["not_finite"] = value.distance.not_finite;
  }
  return json;
}

std::unique_ptr<hone_result> ResultOf(const Comparison& comparison) {
  auto result = std::make_unique<hone_result>();
  Json json;
  json["samples"] = comparison.samples;
  json["wall_s"] = comparison.wall_seconds;
  json["runs_per_sample"] = comparison.groups;
  json["values"] = Json::array();
  for (const ComparedValue& value : comparison.values) {
    json["values"].push_back(ValueToJson(value));
    result->rows.push_back({value.output ? value.value.name : value.value.node,
                            value.value.op,
                            "compared",
                            "",
                            {{"sqnr_db", value.distance.SqnrDb()}}});
  }
  json["left_out"] = Json::array();
  for (const LeftOut& value : comparison.left_out) {
    json["left_out"].push_back({{"name", value.name},
                                {"node", value.node},
                                {"op", value.op},
                                {"why", value.why}});
    result->rows.push_back(
        {value.node, value.op, "not compared", value.why, {}});
  }
  result->json = JsonText(json);
  return result;
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_compare(const hone_context* context, const hone_model* first,
                         const hone_model* second, const hone_dataset* dataset,
                         const hone_options* options, hone_result** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(first);
  HONE_REQUIRE(second);
  HONE_REQUIRE(dataset);
  return hone::capi::Guard([&]() -> absl::Status {
    HONE_RETURN_IF_ERROR(hone::capi::CheckVerb(options, "compare"));
    const hone::RunnerOptions runner = hone::capi::RunnerOptionsOf(context);
    hone::CompareOptions compare;
    compare.outputs_only = hone::capi::GetBool(options, "outputs_only");
    compare.threads = runner.threads;
    compare.memory_limit = runner.memory_limit;
    // What waits counts against the limit as the activations do.
    if (runner.memory_limit > 0) {
      compare.waiting_bytes =
          std::min(hone::kWaitingBytes, runner.memory_limit / 2 + 1);
    }
    compare.progress = runner.progress;
    compare.cancel = runner.cancel;
    hone::capi::CallbackSource source(dataset, &first->model.graph,
                                      /*keep_targets=*/false);
    HONE_ASSIGN_OR_RETURN(
        const hone::Comparison comparison,
        hone::Compare(first->model, second->model, source, compare));
    *out = hone::capi::ResultOf(comparison).release();
    return absl::OkStatus();
  });
}
