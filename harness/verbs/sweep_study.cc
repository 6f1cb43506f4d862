#include "harness/verbs/sweep_study.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "harness/cli/quantity_options.h"
#include "harness/data/flags.h"
#include "harness/data/metrics.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/sweep/layers.h"
#include "harness/verbs/accuracy.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

bool IsRecipe(const std::string& path) {
  return absl::EndsWith(path, ".yaml") || absl::EndsWith(path, ".yml") ||
         absl::EndsWith(path, ".json");
}

// Options of the ABI's table that were given, as JSON of the types that the
// table says, without those that the statistics pass takes.
absl::StatusOr<Json> GivenOptions(const Arguments& arguments, const char* verb,
                                  const std::vector<Option>& without) {
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, verb));
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_options_to_json(options.get(), Out(&text))));
  Json json = ParseJson(ToString(text.get()));
  for (const Option& option : without) json.erase(option.key);
  return json;
}

// Keys that a search may have: quantize's, without the statistics'.
absl::StatusOr<std::vector<std::string>> SearchKeys(
    const std::vector<Option>& statistics) {
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("quantize", ""));
  std::vector<std::string> keys;
  for (const Option& option : table) {
    if (FindOption(statistics, option.key) == nullptr) {
      keys.push_back(option.key);
    }
  }
  return keys;
}

absl::Status CheckConfigs(const std::vector<TrialConfig>& trials,
                          const Json& base, const std::string& file) {
  for (const TrialConfig& trial : trials) {
    Json merged = base;
    merged.update(trial.options);
    const auto options = OptionsOfJson(merged);
    if (!options.ok()) {
      return InputError(file, absl::StrCat("search: ", trial.label, ": ",
                                           options.status().message()));
    }
  }
  return absl::OkStatus();
}

absl::Status OpenRoles(const Request& request, const Signature& signature,
                       Progress* progress, AbiWorker::Settings* settings) {
  const Arguments& arguments = request.arguments;
  HARNESS_ASSIGN_OR_RETURN(settings->data,
                           OpenData(arguments, "data", signature));
  if (!arguments.Has("eval")) {
    return UsageError(
        "hone sweep: --eval SPEC is missing: samples that decide, others than "
        "those of --data");
  }
  HARNESS_ASSIGN_OR_RETURN(settings->eval,
                           OpenData(arguments, "eval", signature));
  if (arguments.Has("test")) {
    HARNESS_ASSIGN_OR_RETURN(settings->test,
                             OpenData(arguments, "test", signature));
  } else {
    progress->Warning(
        "no --test SPEC: figures are of the data that decided, and flatter the "
        "choice");
  }
  for (const auto& data : {settings->data, settings->eval, settings->test}) {
    if (data != nullptr) WarnAbout(*data, progress);
  }
  return absl::OkStatus();
}

Json BoundsJson(const std::vector<Bound>& bounds) {
  Json json = Json::object();
  for (const Bound& bound : bounds) {
    json[bound.metric] = {{"drop", bound.drop}, {"relative", bound.relative}};
  }
  return json;
}

// What is tried, or tried first, and what the definition says of it.
absl::Status PlanSearch(const Request& request,
                        const std::vector<Option>& statistics, Study* study) {
  const Arguments& arguments = request.arguments;
  HARNESS_ASSIGN_OR_RETURN(
      const SearchPlan plan,
      ReadSearch(request.search, arguments.Text("search"), request.file));
  study->method = plan.method;
  HARNESS_ASSIGN_OR_RETURN(study->most_trials,
                           arguments.Int("trials", 0, 1, 1000000));
  HARNESS_ASSIGN_OR_RETURN(const int64_t seed,
                           arguments.Int("seed", 0, 0, int64_t{1} << 53));
  const bool by_accuracy = plan.method == SearchMethod::kAccuracy;
  if (plan.method == SearchMethod::kRandom && study->most_trials == 0) {
    return UsageError("hone sweep: a random search needs --trials N");
  }
  if (by_accuracy && study->bounds.empty()) {
    return UsageError(
        "hone sweep: an accuracy search needs --max-drop X: what it searches "
        "for");
  }
  // Half of the trials are for what the search decides.
  const int64_t first =
      by_accuracy ? (study->most_trials + 1) / 2 : study->most_trials;
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
      study->settings.context, study->settings.model, nullptr, Out(&text))));
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Layer> layers,
                           LayersOf(ParseJson(ToString(text.get()))));
  HARNESS_ASSIGN_OR_RETURN(const std::vector<std::string> keys,
                           SearchKeys(statistics));
  HARNESS_ASSIGN_OR_RETURN(
      study->space, MakeSpace(plan.grids, keys, layers, first,
                              static_cast<uint64_t>(seed), request.file));
  HARNESS_RETURN_IF_ERROR(CheckConfigs(
      study->space.trials, study->settings.base_options, request.file));
  study->definition["search"] = plan.grids;
  study->definition["trials"] = study->most_trials;
  study->definition["seed"] = seed;
  if (by_accuracy) {
    study->definition["method"] = "accuracy";
    study->definition["max_drop"] = BoundsJson(study->bounds);
  }
  study->trials.push_back({"float", "{}"});
  for (const TrialConfig& trial : study->space.trials) {
    study->trials.push_back(
        {trial.label, CanonicalText(trial.options),
         by_accuracy ? "where the accuracy search starts" : ""});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Request> ReadRequest(const Arguments& typed) {
  Request request{typed, nullptr, "the default search"};
  const std::string& first = typed.positional(0);
  if (!IsRecipe(first)) {
    request.arguments.Set("model", {first}, Arguments::Source::kCommandLine);
    return request;
  }
  HARNESS_ASSIGN_OR_RETURN(const YamlMap recipe, ReadYamlMap(first));
  HARNESS_ASSIGN_OR_RETURN(const VerbSpec spec, SweepSpecification());
  std::vector<Option> options = spec.options;
  AppendOptions(EverywhereOptions(), &options);
  HARNESS_RETURN_IF_ERROR(
      request.arguments.SetFromRecipe(recipe, options, {"search"}));
  for (const YamlEntry& entry : recipe.entries) {
    if (entry.key == "search") {
      request.search = entry.value;
      request.file = absl::StrCat(first, ":", entry.line);
    }
  }
  if (!request.arguments.Has("model")) {
    return InputError(first, "no model", "model: FILE.onnx");
  }
  return request;
}

absl::StatusOr<Study> PrepareStudy(const Environment& environment,
                                   const Request& request,
                                   const std::string& folder) {
  const Arguments& arguments = request.arguments;
  Study study;
  AbiWorker::Settings& settings = study.settings;
  const std::vector<std::string> asked = arguments.List("metric");
  HARNESS_RETURN_IF_ERROR(CheckMetricNames(asked));
  settings.context = environment.context;
  settings.progress = environment.progress;
  settings.folder = folder;
  settings.model_path = arguments.Text("model");
  HARNESS_ASSIGN_OR_RETURN(study.model,
                           LoadModel(environment, settings.model_path));
  settings.model = study.model.get();
  HARNESS_ASSIGN_OR_RETURN(settings.model_sha256,
                           Sha256OfFile(settings.model_path));
  HARNESS_ASSIGN_OR_RETURN(const Signature signature,
                           SignatureOf(study.model.get()));
  HARNESS_RETURN_IF_ERROR(
      OpenRoles(request, signature, environment.progress, &settings));
  settings.metrics = MetricsOrDefault(asked, settings.eval->has_targets());
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> statistics,
                           AbiOptions("statistics", ""));
  HARNESS_ASSIGN_OR_RETURN(settings.statistics_options,
                           GivenOptions(arguments, "statistics", {}));
  HARNESS_ASSIGN_OR_RETURN(settings.base_options,
                           GivenOptions(arguments, "quantize", statistics));
  HARNESS_ASSIGN_OR_RETURN(settings.data_identity, settings.data->Identity());
  HARNESS_ASSIGN_OR_RETURN(const std::string eval, settings.eval->Identity());
  Json directions = Json::object();
  for (const std::string& metric : settings.metrics) {
    directions[metric] = HigherIsBetter(metric);
  }
  study.definition = {{"hone_version", hone_version()},
                      {"model", settings.model_sha256},
                      {"data", settings.data_identity},
                      {"eval", eval},
                      {"test", nullptr},
                      {"metrics", settings.metrics},
                      {"higher_is_better", directions},
                      {"statistics", settings.statistics_options},
                      {"options", settings.base_options}};
  if (settings.test != nullptr) {
    HARNESS_ASSIGN_OR_RETURN(study.definition["test"],
                             settings.test->Identity());
  }
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Bound> bounds,
                           BoundsOf(arguments, "max_drop"));
  HARNESS_ASSIGN_OR_RETURN(study.bounds, NamedBounds(bounds, settings.metrics));
  HARNESS_RETURN_IF_ERROR(PlanSearch(request, statistics, &study));
  return study;
}

}  // namespace hone::harness
