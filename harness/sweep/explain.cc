#include "harness/sweep/explain.h"

#include "absl/strings/str_cat.h"
#include "harness/error/error.h"
#include "harness/json/json.h"
#include "harness/sweep/trials.h"

namespace hone::harness {
namespace {

// Enough for a mean over millions of elements; every sample runs twice.
constexpr int64_t kMostSamples = 16;

absl::StatusOr<std::string> GraphOf(const ExplainSettings& settings) {
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
      settings.context, settings.model, nullptr, Out(&text))));
  const Json inspected = ParseJson(ToString(text.get()));
  return ToText(inspected.value("nodes", Json::array()));
}

absl::StatusOr<std::string> ComparisonWith(const ExplainSettings& settings,
                                           const std::string& path) {
  ModelPtr model;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_model_load(settings.context, path.c_str(), Out(&model))));
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset,
                           AsDataset(settings.data, "", kMostSamples));
  ResultPtr result;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_compare(settings.context, settings.model, model.get(),
                            dataset.get(), nullptr, Out(&result))));
  return std::string(hone_result_json(result.get()));
}

}  // namespace

absl::Status Explain(Store& store, const ExplainSettings& settings,
                     const std::vector<int64_t>& trials) {
  HARNESS_ASSIGN_OR_RETURN(const std::string known, store.Graph());
  if (known.empty()) {
    HARNESS_ASSIGN_OR_RETURN(const std::string graph, GraphOf(settings));
    HARNESS_RETURN_IF_ERROR(store.SetGraph(graph));
  }
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Trial> all, store.Trials());
  for (const int64_t id : trials) {
    const Trial& trial = all[static_cast<size_t>(id)];
    if (id == 0 || !trial.artifact.has_value()) continue;
    const std::string& sha256 = trial.artifact->sha256;
    HARNESS_ASSIGN_OR_RETURN(const std::string there,
                             store.ComparisonOf(sha256));
    if (!there.empty()) continue;
    settings.progress->Overall(static_cast<int64_t>(all.size()),
                               static_cast<int64_t>(all.size() + trials.size()),
                               absl::StrCat("layers of trial ", id));
    HARNESS_ASSIGN_OR_RETURN(
        const std::string comparison,
        ComparisonWith(settings,
                       ArtifactPath(settings.folder, *trial.artifact)));
    HARNESS_RETURN_IF_ERROR(store.SetComparison(sha256, comparison));
  }
  return absl::OkStatus();
}

}  // namespace hone::harness
