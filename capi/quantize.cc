// hone_quantize: post-training quantization.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "algorithms/quantization/post_training.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/quantize_options.h"
#include "capi/result.h"
#include "capi/statistics.h"
#include "capi/text.h"
#include "ir/error/error.h"
#include "ir/onnx/write_model.h"
#include "ir/report/report.h"

namespace hone::capi {
namespace {

// What was done, for whoever reads the file later; neither threads, paths,
// times nor host, so that the bytes are the same everywhere.
absl::Status Record(const hone_options* options, const std::string& data,
                    Model* model) {
  std::string recipe = "{}";
  if (options != nullptr) {
    hone_text* text = nullptr;
    HONE_RETURN_IF_ERROR(FromCallback(hone_options_to_json(options, &text)));
    recipe = text->bytes;
    hone_text_free(text);
  }
  model->metadata["hone.version"] = kVersion;
  model->metadata["hone.quantize"] = recipe;
  if (!data.empty()) model->metadata["hone.data"] = data;
  return absl::OkStatus();
}

void LogRows(const hone_context* context, const Report& rows) {
  std::map<std::string, int> counts;
  for (const ReportRow& row : rows) {
    ++counts[row.done];
    Log(context, HONE_LOG_DEBUG,
        absl::StrCat(row.node, " (", row.op, "): ", row.done,
                     row.why.empty() ? "" : ": ", row.why));
  }
  std::string text = "nodes:";
  for (const auto& [done, count] : counts) {
    absl::StrAppend(&text, " ", count, " ", done);
  }
  Log(context, HONE_LOG_INFO, text);
}

std::unique_ptr<hone_result> ReportOf(const Model& before,
                                      const QuantizeResult& result) {
  auto report = std::make_unique<hone_result>();
  report->rows = result.rows;
  nlohmann::ordered_json json;
  json["size_bytes_before"] = ModelByteSize(before);
  json["size_bytes_after"] = ModelByteSize(result.model);
  json["wall_s"] = result.wall_seconds;
  json["inference_s"] = result.inference_seconds;
  json["passes"] = result.passes;
  json["nodes"] = RowsToJson(result.rows);
  report->json = JsonText(json);
  return report;
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_quantize(const hone_context* context, const hone_model* model,
                          const hone_dataset* dataset,
                          const hone_statistics* statistics,
                          const hone_options* options, hone_model** out,
                          hone_result** report) {
  if (report != nullptr) *report = nullptr;
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  return hone::capi::Guard([&]() -> absl::Status {
    if ((dataset == nullptr) == (statistics == nullptr)) {
      return hone::capi::Misuse("calibration", "dataset, statistics",
                                "exactly one of the two",
                                dataset == nullptr ? "neither" : "both");
    }
    HONE_ASSIGN_OR_RETURN(const hone::PostTrainingOptions wanted,
                          hone::capi::QuantizeOptions(options));
    absl::StatusOr<hone::QuantizeResult> result;
    std::string data;
    if (dataset != nullptr) {
      hone::Runner runner(hone::capi::RunnerOptionsOf(context));
      hone::capi::CallbackSource source(dataset, &model->model.graph,
                                        /*keep_targets=*/false);
      data = source.identity();
      result = hone::QuantizePostTraining(model->model, source, wanted, runner);
    } else {
      data = statistics->statistics.data_identity();
      result = hone::QuantizePostTraining(model->model, statistics->statistics,
                                          wanted);
    }
    HONE_RETURN_IF_ERROR(result.status());
    HONE_RETURN_IF_ERROR(hone::capi::Record(options, data, &result->model));
    hone::capi::LogRows(context, result->rows);
    std::unique_ptr<hone_result> rows;
    if (report != nullptr) {
      rows = hone::capi::ReportOf(model->model, *result);
    }
    HONE_ASSIGN_OR_RETURN(*out, hone::capi::NewModel(std::move(result->model)));
    if (report != nullptr) *report = rows.release();
    return absl::OkStatus();
  });
}
