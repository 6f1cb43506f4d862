// hone_quantize: post-training quantization.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "algorithms/bias_correction/method.h"
#include "algorithms/quantization/post_training.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/quantize_options.h"
#include "capi/quantize_report/quantize_report.h"
#include "capi/result.h"
#include "capi/statistics.h"
#include "ir/error/error.h"

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
      hone::RunnerOptions run = hone::capi::RunnerOptionsOf(context);
      HONE_ASSIGN_OR_RETURN(run.state, hone::capi::GetState(options));
      if (wanted.bias_correction == hone::BiasCorrection::kFull) {
        HONE_RETURN_IF_ERROR(
            hone::capi::RefuseState(options, "full bias correction"));
      }
      hone::capi::CallbackSource source(dataset, &model->model.graph,
                                        /*keep_targets=*/false, run.state);
      hone::Runner runner(std::move(run));
      data = source.identity();
      result = hone::QuantizePostTraining(model->model, source, wanted, runner);
    } else {
      data = statistics->statistics.data_identity();
      result = hone::QuantizePostTraining(model->model, statistics->statistics,
                                          wanted);
    }
    HONE_RETURN_IF_ERROR(result.status());
    HONE_RETURN_IF_ERROR(
        hone::capi::RecordQuantization(options, data, &result->model));
    hone::capi::LogRows(context, result->rows);
    std::unique_ptr<hone_result> rows;
    if (report != nullptr) {
      rows = std::make_unique<hone_result>();
      rows->rows = result->rows;
      nlohmann::ordered_json json;
      hone::capi::DescribeQuantization(model->model, *result, &json);
      rows->json = hone::capi::JsonText(json);
    }
    HONE_ASSIGN_OR_RETURN(*out, hone::capi::NewModel(std::move(result->model)));
    if (report != nullptr) *report = rows.release();
    return absl::OkStatus();
  });
}
