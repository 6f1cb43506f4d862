// hone sweep RECIPE.yaml | hone sweep MODEL --data D --eval E --test T
#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "harness/cli/quantities.h"
#include "harness/data/flags.h"
#include "harness/data/metrics.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/report/study_page.h"
#include "harness/sweep/abi_worker.h"
#include "harness/sweep/layers.h"
#include "harness/sweep/space.h"
#include "harness/sweep/summary.h"
#include "harness/sweep/trials.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

constexpr char kGroup[] = "Sweep";
// Models that are measured on the test data, before it is known how many.
constexpr int64_t kUsualFront = 4;

bool IsRecipe(const std::string& path) {
  return absl::EndsWith(path, ".yaml") || absl::EndsWith(path, ".yml") ||
         absl::EndsWith(path, ".json");
}

// What is asked for, recipe and command line together.
struct Request {
  Arguments arguments;
  Json search;
  std::string file;  // where the search comes from, for messages
};

absl::StatusOr<Request> ReadRequest(const Arguments& typed) {
  Request request{typed, DefaultSearch(), "the default search"};
  const std::string& first = typed.positional(0);
  if (!IsRecipe(first)) {
    request.arguments.Set("model", {first}, Arguments::Source::kCommandLine);
    return request;
  }
  HARNESS_ASSIGN_OR_RETURN(const YamlMap recipe, ReadYamlMap(first));
  HARNESS_ASSIGN_OR_RETURN(const VerbSpec spec, SweepSpecification());
  std::vector<Option> options = spec.options;
  options.push_back(MakeOption("model", "FILE", "", kGroup));
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

struct Study {
  AbiWorker::Settings settings;
  ModelPtr model;
  Json definition;
  Space space;
  std::vector<NewTrial> trials;
};

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
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
      environment.context, study.model.get(), nullptr, Out(&text))));
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Layer> layers,
                           LayersOf(ParseJson(ToString(text.get()))));
  HARNESS_ASSIGN_OR_RETURN(const std::vector<std::string> keys,
                           SearchKeys(statistics));
  HARNESS_ASSIGN_OR_RETURN(const int64_t trials,
                           arguments.Int("trials", 0, 1, 1000000));
  HARNESS_ASSIGN_OR_RETURN(const int64_t seed,
                           arguments.Int("seed", 0, 0, int64_t{1} << 53));
  HARNESS_ASSIGN_OR_RETURN(
      study.space, MakeSpace(request.search, keys, layers, trials,
                             static_cast<uint64_t>(seed), request.file));
  HARNESS_RETURN_IF_ERROR(
      CheckConfigs(study.space.trials, settings.base_options, request.file));
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
                      {"options", settings.base_options},
                      {"search", request.search},
                      {"trials", trials},
                      {"seed", seed}};
  if (settings.test != nullptr) {
    HARNESS_ASSIGN_OR_RETURN(study.definition["test"],
                             settings.test->Identity());
  }
  study.trials.push_back({"float", "{}"});
  for (const TrialConfig& trial : study.space.trials) {
    study.trials.push_back({trial.label, CanonicalText(trial.options)});
  }
  return study;
}

// The best model as best.onnx; an earlier one goes when there is none any more.
absl::StatusOr<std::string> PlaceBest(const Summary& summary,
                                      const std::string& folder) {
  const std::string path = folder + "/best.onnx";
  if (!summary.best.has_value()) {
    std::error_code error;
    std::filesystem::remove(path, error);
    return std::string();
  }
  const Trial& trial = summary.trials[*summary.best];
  HARNESS_RETURN_IF_ERROR(
      LinkOrCopy(ArtifactPath(folder, *trial.artifact), path));
  return path;
}

absl::StatusOr<std::vector<Bound>> BoundsOf(const Arguments& arguments) {
  if (!arguments.Has("max_drop")) return std::vector<Bound>();
  const auto bounds = ParseBounds(arguments.Text("max_drop"));
  if (!bounds.ok()) {
    return arguments.Bad("max_drop", std::string(bounds.status().message()));
  }
  return *bounds;
}

absl::StatusOr<absl::Time> DeadlineOf(const Arguments& arguments) {
  if (!arguments.Has("max_time")) return absl::InfiniteFuture();
  const auto seconds = ParseDuration(arguments.Text("max_time"));
  if (!seconds.ok()) {
    return arguments.Bad("max_time", std::string(seconds.status().message()));
  }
  return absl::Now() + absl::Seconds(*seconds);
}

std::string DefaultFolder(const Arguments& arguments) {
  const std::filesystem::path model = arguments.Text("model");
  return model.stem().string() + "-sweep";
}

absl::StatusOr<Outcome> DryRunOf(Environment& environment, const Study& study) {
  const AbiWorker::Settings& settings = study.settings;
  const int64_t trials = static_cast<int64_t>(study.trials.size());
  HARNESS_ASSIGN_OR_RETURN(
      Outcome outcome,
      DryRun(environment, settings.model, settings.data,
             {{"calibrate", std::min<int64_t>(300, settings.data->items())},
              {"evaluate", trials * settings.eval->items()}}));
  Json labels = Json::array();
  std::string text =
      absl::StrCat(trials, " trials of ", study.space.combinations,
                   " combinations and the float model:\n");
  for (const NewTrial& trial : study.trials) {
    labels.push_back(trial.label);
    absl::StrAppend(&text, "  ", trial.label, "\n");
  }
  outcome.json["trials"] = labels;
  outcome.text = text + outcome.text;
  return outcome;
}

}  // namespace

absl::StatusOr<VerbSpec> SweepSpecification() {
  VerbSpec verb;
  verb.details =
      "--data calibrates, --eval decides, --test gives the reported figures "
      "and decides nothing. The best model is the one of the Pareto front "
      "(metric on --eval against file size) with the best metric; with "
      "--max-drop, the smallest file within it. Everything is kept in the "
      "output folder: an interrupted sweep goes on when it is run again. A "
      "recipe holds the same keys, `model`, and `search` (see "
      "harness/README.md).";
  verb.positionals = {{"MODEL|RECIPE",
                       "an ONNX file in float, or a .yaml "
                       "recipe",
                       true}};
  verb.options = {
      MakeOption("output", "DIR", "the study's folder [MODEL-sweep]", kGroup,
                 "o"),
      MakeOption("data", "SPEC", "samples that calibrate", kGroup),
      MakeOption("eval", "SPEC", "samples that decide", kGroup),
      MakeOption("test", "SPEC", "samples of the reported figures", kGroup),
      MakeOption("metric", "NAME,...",
                 "the first one decides [top1 with labels, else agreement, "
                 "sqnr, cosine]",
                 kGroup),
      MakeOption("max_drop", "X|METRIC=X,...",
                 "largest drop from the float model on --eval; exit code 1 "
                 "when no trial is within it",
                 kGroup),
      MakeOption("max_time", "TIME",
                 "begin no trial that would end later, such as 2h or 90m",
                 kGroup),
      MakeOption("trials", "N", "try a seeded sample of N combinations [all]",
                 kGroup)};
  verb.options[4].type = OptionType::kList;
  HARNESS_ASSIGN_OR_RETURN(
      const std::vector<Option> table,
      AbiOptions("quantize", "Options of every trial, unless searched over"));
  AppendOptions(table, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone sweep datasets/models/fashion_mobilenet.onnx --data random:32 "
      "--eval random:64 --trials 3 -o sweep-out",
      "hone sweep harness/sweep/example.yaml -o sweep-out --max-time 10m"};
  return verb;
}

absl::StatusOr<Outcome> RunSweepVerb(Environment& environment) {
  HARNESS_ASSIGN_OR_RETURN(const Request request,
                           ReadRequest(environment.arguments));
  const Arguments& arguments = request.arguments;
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Bound> bounds,
                           BoundsOf(arguments));
  HARNESS_ASSIGN_OR_RETURN(const absl::Time deadline, DeadlineOf(arguments));
  const std::string folder = arguments.Text("output", DefaultFolder(arguments));
  HARNESS_ASSIGN_OR_RETURN(Study study,
                           PrepareStudy(environment, request, folder));
  for (const std::string& note : study.space.notes) {
    environment.progress->Note(note);
  }
  if (arguments.Flag("dry_run")) return DryRunOf(environment, study);
  HARNESS_RETURN_IF_ERROR(MakeFolder(folder));
  HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                           Store::Open(folder + "/study.sqlite"));
  HARNESS_RETURN_IF_ERROR(store->Begin(study.definition, study.trials));
  AbiWorker worker(study.settings);
  HARNESS_ASSIGN_OR_RETURN(
      const TrialsOutcome trials,
      RunTrials(*store, worker, folder, deadline,
                study.settings.test == nullptr ? 0 : kUsualFront,
                environment.progress));
  HARNESS_ASSIGN_OR_RETURN(Summary summary, Summarize(*store, bounds));
  if (FindMeasurement(summary.trials[0], "eval", summary.metric) == nullptr) {
    return LimitError(
        "--max-time ended before the float model was measured; run again");
  }
  if (study.settings.test != nullptr && trials.left == 0) {
    std::vector<int64_t> shown = {0};
    for (const size_t i : summary.front) {
      shown.push_back(summary.trials[i].id);
    }
    if (summary.best.has_value()) {
      shown.push_back(summary.trials[*summary.best].id);
    }
    HARNESS_RETURN_IF_ERROR(
        MeasureOnTest(*store, worker, folder, shown, environment.progress));
    HARNESS_ASSIGN_OR_RETURN(summary, Summarize(*store, bounds));
  }
  HARNESS_ASSIGN_OR_RETURN(const std::string best, PlaceBest(summary, folder));
  const std::string page = folder + "/report.html";
  HARNESS_RETURN_IF_ERROR(WriteFile(page, StudyPage(summary)));
  Outcome outcome;
  outcome.json = {{"store", store->path()}};
  outcome.json.update(SummaryJson(summary, folder));
  outcome.json["report"] = page;
  outcome.json["best_model"] = best.empty() ? Json(nullptr) : Json(best);
  outcome.json["left"] = trials.left;
  if (summary.best.has_value()) {
    const Json detail = ParseJson(summary.trials[*summary.best].detail);
    if (detail.is_object() && detail.contains("nodes")) {
      outcome.json["nodes"] = detail["nodes"];
    }
  }
  outcome.met = summary.met;
  outcome.text = SummaryTable(summary);
  if (trials.out_of_time) {
    absl::StrAppend(&outcome.text, "--max-time ended with ", trials.left,
                    " trials left; run again to go on\n");
  }
  absl::StrAppend(&outcome.text, "\nbest model  ",
                  best.empty() ? "none is within --max-drop" : best,
                  "\nreport      ", page, "\n");
  return outcome;
}

}  // namespace hone::harness
