#include "capi/rewrite/rewrite_report.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/quantize_report/quantize_report.h"
#include "capi/result.h"
#include "capi/text.h"
#include "ir/error/error.h"
#include "ir/onnx/write_model.h"

namespace hone::capi {
namespace {

using Json = nlohmann::ordered_json;

// How the first output that is not within the bound differs.
absl::Status Refusal(const Equivalence& check, double tolerance) {
  for (const OutputDifference& each : check.outputs) {
    std::string found;
    if (!each.structure.empty()) {
      found = each.structure;
    } else if (each.distance.not_finite > 0) {
      found = absl::StrCat(each.distance.not_finite,
                           " numbers that are finite in one model alone");
    } else if (tolerance > 0 && each.unequal > 0) {
      found = absl::StrCat(each.unequal, " of ", each.exact_elements,
                           " elements differ");
    } else if (tolerance > 0 && each.RelativeError() > tolerance) {
      found =
          absl::StrCat("a difference of ", each.distance.max_abs_error, ", ",
                       each.RelativeError(), " of the greatest magnitude");
    } else {
      continue;
    }
    return MakeError(
        absl::StatusCode::kResourceExhausted,
        absl::StrCat("the rewritten model computes another output ", each.name),
        {.expected = tolerance > 0 ? absl::StrCat("at most ", tolerance,
                                                  " of the greatest magnitude")
                                   : "finite numbers of the same extents",
         .found = found});
  }
  return absl::OkStatus();
}

Json CheckToJson(const Equivalence& check) {
  Json json;
  json["samples"] = check.samples;
  json["why"] = check.not_checked;
  json["max_abs_error"] = check.MaxAbsError();
  json["max_rel_error"] = check.MaxRelativeError();
  json["min_cosine"] = check.MinCosine();
  json["outputs"] = Json::array();
  for (const OutputDifference& each : check.outputs) {
    json["outputs"].push_back(
        {{"name", each.name},
         {"max_abs_error", each.distance.max_abs_error},
         {"max_rel_error", each.RelativeError()},
         {"cosine", each.distance.elements > 0 ? each.distance.Cosine() : 1.0},
         {"unequal", each.unequal},
         {"structure", each.structure}});
  }
  return json;
}

}  // namespace

absl::StatusOr<Equivalence> CheckRewrite(const hone_context* context,
                                         const hone_model* before,
                                         const Model& after,
                                         const hone_dataset* dataset,
                                         const hone_options* options,
                                         bool any_float, double tolerance) {
  const RunnerOptions runner = RunnerOptionsOf(context);
  EquivalenceOptions check;
  check.samples = static_cast<uint64_t>(GetInt(options, "check"));
  check.seed = static_cast<uint64_t>(GetInt(options, "seed"));
  check.threads = runner.threads;
  check.memory_limit = runner.memory_limit;
  check.progress = runner.progress;
  check.cancel = runner.cancel;
  check.any_float = any_float;
  if (check.samples == 0) return Equivalence();
  std::optional<CallbackSource> source;
  if (dataset != nullptr) {
    source.emplace(dataset, &before->model.graph, /*keep_targets=*/false);
  }
  HONE_ASSIGN_OR_RETURN(
      Equivalence found,
      CheckEquivalence(before->model, after,
                       source.has_value() ? &*source : nullptr, check));
  HONE_RETURN_IF_ERROR(Refusal(found, tolerance));
  return found;
}

absl::Status HandOver(const hone_context* context, const hone_model* before,
                      Rewritten rewritten, const hone_options* options,
                      const std::string& verb, absl::Time start,
                      hone_model** out, hone_result** report) {
  HONE_RETURN_IF_ERROR(RecordRecipe(options, verb, &rewritten.model));
  LogRows(context, rewritten.rows);
  std::unique_ptr<hone_result> result;
  if (report != nullptr) {
    result = std::make_unique<hone_result>();
    Json& json = rewritten.json;
    json["size_bytes_before"] = ModelByteSize(before->model);
    json["size_bytes_after"] = ModelByteSize(rewritten.model);
    json["wall_s"] = absl::ToDoubleSeconds(absl::Now() - start);
    json["check"] = CheckToJson(rewritten.check);
    json["nodes"] = RowsToJson(rewritten.rows);
    result->json = JsonText(json);
    result->rows = std::move(rewritten.rows);
  }
  HONE_ASSIGN_OR_RETURN(*out, NewModel(std::move(rewritten.model)));
  if (report != nullptr) *report = result.release();
  return absl::OkStatus();
}

}  // namespace hone::capi
