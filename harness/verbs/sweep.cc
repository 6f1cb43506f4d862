// hone sweep RECIPE.yaml | hone sweep MODEL --data D --eval E --test T
#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "harness/cli/quantity_options.h"
#include "harness/data/flags.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/report/study_page.h"
#include "harness/sweep/abi_worker.h"
#include "harness/sweep/bench_probe.h"
#include "harness/sweep/explain.h"
#include "harness/sweep/latency.h"
#include "harness/sweep/sensitivity.h"
#include "harness/sweep/summary.h"
#include "harness/sweep/trials.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/reproduce.h"
#include "harness/verbs/sweep_search.h"
#include "harness/verbs/sweep_study.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

constexpr char kGroup[] = "Sweep";
// Models that are measured on the test data, before it is known how many.
constexpr int64_t kUsualFront = 4;
// Every model is timed for about half a second, and so is the float model
// beside it, twice.
constexpr int64_t kLatencyRounds = 25;
constexpr double kLatencyTurnMs = 10;
constexpr double kLatencySeconds = 60;

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

// Of flags that are on unless they are turned off.
bool Wants(const Arguments& arguments, const char* key) {
  return !arguments.Has(key) || arguments.Flag(key);
}

absl::StatusOr<TrialsOutcome> RunAllTrials(
    Environment& environment, const Arguments& arguments, const Study& study,
    Store& store, AbiWorker& first, SweepSearch& search, absl::Time deadline) {
  HARNESS_ASSIGN_OR_RETURN(const int64_t parallel,
                           arguments.Int("parallel", 1, 1, 256));
  const int threads = std::max(
      1,
      static_cast<int>(hone_context_threads(environment.context) / parallel));
  std::vector<TrialWorker*> workers = {&first};
  std::vector<ContextPtr> contexts;
  std::vector<std::unique_ptr<AbiWorker>> siblings;
  HARNESS_ASSIGN_OR_RETURN(const int64_t pending, store.Count("pending"));
  const bool searches = study.method == SearchMethod::kAccuracy;
  if (parallel > 1 && (pending > 1 || searches)) {
    // Once, with all threads.
    HARNESS_RETURN_IF_ERROR(first.Prepare());
    workers.clear();
    for (int64_t i = 0; i < parallel; ++i) {
      HARNESS_ASSIGN_OR_RETURN(ContextPtr context,
                               environment.new_context(threads));
      siblings.push_back(first.Sibling(context.get()));
      contexts.push_back(std::move(context));
      workers.push_back(siblings.back().get());
    }
  }
  TrialsOptions options;
  options.folder = study.settings.folder;
  options.deadline = deadline;
  options.later_steps = study.settings.test == nullptr ? 0 : kUsualFront;
  if (searches) {
    options.more = [&](Store& own, const std::vector<Trial>& trials) {
      return search.Next(own, trials);
    };
  }
  return RunTrials(store, workers, options, environment.progress);
}

absl::StatusOr<LatencyOutcome> RunLatency(Environment& environment,
                                          const Arguments& arguments,
                                          const Study& study, Store& store,
                                          absl::Time deadline) {
  BenchProbe::Settings settings;
  settings.context = environment.context;
  settings.model = study.settings.model;
  settings.model_path = study.settings.model_path;
  settings.data = study.settings.eval;
  settings.command = arguments.Text("command");
  settings.interrupted = environment.interrupted;
  settings.progress = environment.progress;
  settings.rounds.rounds = kLatencyRounds;
  settings.rounds.turn_ms = kLatencyTurnMs;
  settings.rounds.max_seconds = kLatencySeconds;
  HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<BenchProbe> probe,
                           BenchProbe::Make(std::move(settings)));
  LatencyOptions options;
  options.deadline = deadline;
  return MeasureLatencies(store, *probe, study.settings.folder, options,
                          environment.progress);
}

// The figures on the test data and the layers of the models that are shown.
absl::Status Finish(Environment& environment, const Study& study, Store& store,
                    AbiWorker& worker, const Summary& summary,
                    bool with_sensitivity) {
  const AbiWorker::Settings& settings = study.settings;
  std::vector<int64_t> shown = {0};
  for (const size_t i : summary.front) shown.push_back(summary.trials[i].id);
  if (summary.best.has_value()) {
    shown.push_back(summary.trials[*summary.best].id);
  }
  HARNESS_RETURN_IF_ERROR(
      Explain(store,
              {settings.context, settings.model, settings.eval, settings.folder,
               environment.progress},
              shown));
  if (with_sensitivity && summary.best.has_value()) {
    environment.progress->Note("measuring what each layer costs the outputs");
    const absl::Status measured =
        KeptSensitivity(store, summary.trials[*summary.best].config,
                        [&](const std::string& config) {
                          return worker.Sensitivity(config);
                        })
            .status();
    if (EndsTheRun(measured)) return measured;
    if (!measured.ok()) environment.progress->Warning(measured.message());
  }
  if (settings.test == nullptr) return absl::OkStatus();
  return MeasureOnTest(store, worker, settings.folder, shown,
                       environment.progress);
}

Json LatencyJson(const LatencyOutcome& latency) {
  return {{"measured", latency.measured},
          {"noisy", latency.noisy},
          {"left", latency.left},
          {"worst_noise", latency.worst_noise},
          {"others_cpu", latency.others_cpu},
          {"conclusive", latency.noisy == 0 && latency.left == 0}};
}

void TellLatency(const LatencyOutcome& latency, Progress* progress,
                 std::string* text) {
  if (latency.noisy > 0) {
    progress->Warning(absl::StrFormat(
        "the machine was too busy to time %d of %d models well: the float "
        "model beside itself was off by up to %.0f %%, other processes used "
        "up to %.0f %% of the CPUs; run again when it is quiet, and these are "
        "timed again",
        latency.noisy, latency.measured, 100 * latency.worst_noise,
        100 * latency.others_cpu));
  }
  if (latency.left > 0) {
    absl::StrAppend(text, "--max-time ended before ", latency.left,
                    " models were timed; run again to go on\n");
  }
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
                   " combinations and the float model",
                   study.method == SearchMethod::kAccuracy
                       ? ", and those that the search decides on"
                       : "",
                   ":\n");
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
      "(metric on --eval, file size, latency) with the best metric; with "
      "--max-drop, the smallest file within it; in an accuracy search, the "
      "one with the fewest layers in float. Everything is kept in the "
      "output folder: an interrupted sweep goes on when it is run again. A "
      "recipe holds the same keys, `model`, and `search` (see "
      "harness/README.md).";
  verb.positionals = {{"MODEL|RECIPE|STORE",
                       "an ONNX file in float, a .yaml recipe, or with "
                       "--reproduce a study",
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
      MakeOption("trials", "N",
                 "try a seeded sample of N combinations [all]; an accuracy "
                 "search starts with half as many",
                 kGroup),
      MakeOption("parallel", "N", "trials at once, sharing the threads [1]",
                 kGroup),
      MakeOption("latency", "",
                 "time every model beside the float model when all trials are "
                 "done [on]; --latency=false leaves it out",
                 kGroup),
      MakeOption("command", "\"PROG {model}\"",
                 "time in this program instead of Hone's engine (see hone "
                 "bench)",
                 kGroup),
      MakeOption("reproduce", "TRIAL",
                 "with the study's folder as MODEL: write that trial's model "
                 "once more, the same bytes, to --output [trial-N.onnx]",
                 kGroup),
      MakeOption("model", "FILE",
                 "with --reproduce: the float model, where it was moved",
                 kGroup),
      MakeOption("search", "grid|random|accuracy",
                 "every combination; --trials of them; or, within --max-drop, "
                 "the fewest layers in float [grid]",
                 kGroup),
      MakeOption("sensitivity", "",
                 "measure what each layer costs the outputs when all trials "
                 "are done [on]; --sensitivity=false leaves it out",
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
  if (environment.arguments.Has("reproduce")) return RunReproduce(environment);
  HARNESS_ASSIGN_OR_RETURN(const Request request,
                           ReadRequest(environment.arguments));
  const Arguments& arguments = request.arguments;
  HARNESS_ASSIGN_OR_RETURN(const double most_seconds,
                           SecondsOf(arguments, "max_time",
                                     std::numeric_limits<double>::infinity()));
  const absl::Time deadline = absl::Now() + absl::Seconds(most_seconds);
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
  SweepSearch search(study, worker);
  HARNESS_ASSIGN_OR_RETURN(const TrialsOutcome trials,
                           RunAllTrials(environment, arguments, study, *store,
                                        worker, search, deadline));
  LatencyOutcome latency;
  if (Wants(arguments, "latency") && trials.left == 0) {
    HARNESS_ASSIGN_OR_RETURN(
        latency, RunLatency(environment, arguments, study, *store, deadline));
  }
  HARNESS_ASSIGN_OR_RETURN(Summary summary, Summarize(*store, study.bounds));
  if (FindMeasurement(summary.trials[0], "eval", summary.metric) == nullptr) {
    return LimitError(
        "--max-time ended before the float model was measured; run again");
  }
  if (trials.left == 0) {
    HARNESS_RETURN_IF_ERROR(
        Finish(environment, study, *store, worker, summary,
               Wants(arguments, "sensitivity") && absl::Now() < deadline));
    HARNESS_ASSIGN_OR_RETURN(summary, Summarize(*store, study.bounds));
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
  outcome.json["latency"] = LatencyJson(latency);
  if (study.method == SearchMethod::kAccuracy) {
    outcome.json["search"] = {{"method", "accuracy"},
                              {"ended", !search.verdict().empty()},
                              {"verdict", search.verdict()}};
  }
  outcome.text = SummaryTable(summary);
  TellLatency(latency, environment.progress, &outcome.text);
  if (trials.out_of_time) {
    absl::StrAppend(&outcome.text, "--max-time ended with ",
                    trials.left > 0 ? absl::StrCat(trials.left, " trials left")
                                    : "the search under way",
                    "; run again to go on\n");
  }
  if (!search.verdict().empty()) {
    absl::StrAppend(&outcome.text, "\nsearch      ", search.verdict(), "\n");
  }
  absl::StrAppend(&outcome.text, "\nbest model  ",
                  best.empty() ? "none is within --max-drop" : best,
                  "\nreport      ", page, "\n");
  return outcome;
}

}  // namespace hone::harness
