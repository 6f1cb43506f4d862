// hone bench MODEL...
#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/bench/command_contender.h"
#include "harness/bench/contender.h"
#include "harness/bench/inputs.h"
#include "harness/bench/rounds.h"
#include "harness/bench/session_contender.h"
#include "harness/bench/start_contender.h"
#include "harness/cli/quantities.h"
#include "harness/cli/quantity_options.h"
#include "harness/data/bound_data.h"
#include "harness/data/flags.h"
#include "harness/data/signature.h"
#include "harness/error/error.h"
#include "harness/machine/machine.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/placement.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

constexpr char kGroup[] = "Bench";
constexpr int64_t kMostSamples = 16;
constexpr int64_t kProfiledRuns = 30;
constexpr size_t kOpsShown = 25;

// A model and what it is timed on.
struct Subject {
  std::string path;
  ModelPtr model;
  Signature signature;
  std::vector<BenchSample> samples;
  std::unique_ptr<InputFolder> folder;
};

struct Bench {
  std::vector<std::unique_ptr<Subject>> subjects;
  std::vector<std::unique_ptr<SessionContender>> sessions;
  std::vector<std::unique_ptr<Contender>> commands;
  std::vector<Contender*> contenders;  // as they are shown
};

absl::StatusOr<RoundOptions> OptionsOf(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  RoundOptions options;
  HARNESS_ASSIGN_OR_RETURN(
      options.rounds,
      arguments.Int("rounds", options.rounds, kLeastRounds, 100000));
  HARNESS_ASSIGN_OR_RETURN(options.max_seconds, SecondsOf(arguments, "max_time",
                                                          options.max_seconds));
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Bound> noise,
                           BoundsOf(arguments, "max_noise"));
  if (noise.size() > 1 || (noise.size() == 1 && !noise[0].metric.empty())) {
    return arguments.Bad("max_noise", "a share such as 5% or 0.05");
  }
  if (!noise.empty()) options.max_noise = noise[0].drop;
  options.progress = [&environment](int64_t done, int64_t total, double left) {
    environment.progress->Update("bench", static_cast<uint64_t>(done),
                                 static_cast<uint64_t>(total), left);
    return environment.interrupted() ? CancelledError() : absl::OkStatus();
  };
  return options;
}

absl::Status LoadSubjects(Environment& environment, Bench* bench) {
  const Arguments& arguments = environment.arguments;
  std::vector<Signature> signatures;
  for (size_t i = 0; i < arguments.positional_count(); ++i) {
    auto subject = std::make_unique<Subject>();
    subject->path = arguments.positional(i);
    HARNESS_ASSIGN_OR_RETURN(subject->model,
                             LoadModel(environment, subject->path));
    HARNESS_ASSIGN_OR_RETURN(subject->signature,
                             SignatureOf(subject->model.get()));
    signatures.push_back(subject->signature);
    bench->subjects.push_back(std::move(subject));
  }
  if (arguments.Has("data") && arguments.Has("shape")) {
    return UsageError("--shape is for invented samples; --data has its own");
  }
  HARNESS_ASSIGN_OR_RETURN(const Shapes shapes,
                           ParseShapes(arguments.List("shape"), signatures));
  HARNESS_ASSIGN_OR_RETURN(const int64_t seed,
                           arguments.Int("seed", 0, 0, int64_t{1} << 53));
  for (const std::unique_ptr<Subject>& subject : bench->subjects) {
    if (arguments.Has("data")) {
      HARNESS_ASSIGN_OR_RETURN(const std::shared_ptr<const BoundData> data,
                               OpenData(arguments, "data", subject->signature));
      HARNESS_ASSIGN_OR_RETURN(subject->samples,
                               TakeSamples(*data, kMostSamples));
    } else {
      HARNESS_ASSIGN_OR_RETURN(BenchSample sample,
                               InventSample(subject->signature, shapes,
                                            static_cast<uint64_t>(seed)));
      subject->samples.push_back(std::move(sample));
    }
  }
  return absl::OkStatus();
}

absl::Status MakeContenders(Environment& environment, Bench* bench) {
  const Arguments& arguments = environment.arguments;
  const std::vector<std::string> commands = arguments.List("command");
  const bool only = arguments.Flag("command_only");
  if (only && commands.empty()) {
    return UsageError("--command-only: no --command is given");
  }
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, "session"));
  for (const std::unique_ptr<Subject>& subject : bench->subjects) {
    if (only) break;
    HARNESS_ASSIGN_OR_RETURN(
        std::unique_ptr<SessionContender> session,
        SessionContender::Make(environment.context, subject->model.get(),
                               options.get(), subject->path,
                               &subject->samples));
    bench->contenders.push_back(session.get());
    bench->sessions.push_back(std::move(session));
  }
  for (const std::string& command : commands) {
    for (const std::unique_ptr<Subject>& subject : bench->subjects) {
      if (subject->folder == nullptr) {
        HARNESS_ASSIGN_OR_RETURN(
            subject->folder,
            InputFolder::Make(subject->signature, subject->samples));
      }
      environment.progress->Update(absl::StrCat("start ", command), 0, 0, -1);
      HARNESS_ASSIGN_OR_RETURN(
          std::unique_ptr<Contender> contender,
          StartContender(
              {environment.context, &subject->samples, command,
               subject->folder->path(), environment.interrupted,
               [progress = environment.progress](const std::string& text) {
                 progress->Warning(text);
               }},
              subject->path, subject->model.get()));
      bench->contenders.push_back(contender.get());
      bench->commands.push_back(std::move(contender));
    }
  }
  return absl::OkStatus();
}

// The first contender of the same engine, which may be this one.
size_t FirstOfEngine(const Bench& bench, size_t index) {
  for (size_t i = 0; i < index; ++i) {
    if (bench.contenders[i]->engine() == bench.contenders[index]->engine()) {
      return i;
    }
  }
  return index;
}

Json RowOf(const Bench& bench, const RoundsResult& result, size_t i) {
  const Timing& timing = result.timings[i];
  Json row = {{"model", bench.contenders[i]->model()},
              {"engine", bench.contenders[i]->engine()},
              {"median_ms", timing.median_ms},
              {"p99_ms", timing.p99_ms},
              {"min_ms", timing.min_ms},
              {"ratio", timing.ratio.value},
              {"ratio_low", timing.ratio.low},
              {"ratio_high", timing.ratio.high},
              {"verdict", ToString(timing.verdict)},
              {"runs", timing.runs_ms.size()}};
  const size_t first = FirstOfEngine(bench, i);
  if (first != i && first != 0) {
    const Interval ratio =
        PairedRatio(timing.round_ms, result.timings[first].round_ms);
    row["engine_ratio"] = ratio.value;
    row["engine_ratio_low"] = ratio.low;
    row["engine_ratio_high"] = ratio.high;
  }
  return row;
}

std::string TableOf(const Json& rows) {
  std::string out =
      absl::StrFormat("%10s %10s %10s  %-21s %-8s %s\n", "median ms", "p99 ms",
                      "min ms", "ratio [95 %]", "", "model");
  for (const Json& row : rows) {
    const bool first = row["verdict"] == "first";
    const std::string ratio =
        first ? "1"
              : absl::StrFormat("%.3f [%.3f, %.3f]", double(row["ratio"]),
                                double(row["ratio_low"]),
                                double(row["ratio_high"]));
    absl::StrAppendFormat(
        &out, "%10.3f %10.3f %10.3f  %-21s %-8s %s, %s\n",
        double(row["median_ms"]), double(row["p99_ms"]), double(row["min_ms"]),
        ratio, first ? "" : std::string(row["verdict"]),
        std::string(row["model"]), std::string(row["engine"]));
    if (row.contains("engine_ratio")) {
      absl::StrAppendFormat(
          &out, "%34s%.3f [%.3f, %.3f] to this engine's first\n", "",
          double(row["engine_ratio"]), double(row["engine_ratio_low"]),
          double(row["engine_ratio_high"]));
    }
  }
  return out;
}

// Adds "ops" to the row and their table to *text.
absl::Status AddOps(SessionContender& session, Json* row, std::string* text) {
  HARNESS_ASSIGN_OR_RETURN(std::vector<StepFigure> steps,
                           session.Profile(kProfiledRuns));
  double total = 0;
  for (const StepFigure& step : steps) total += step.median_us;
  Json ops = Json::array();
  for (const StepFigure& step : steps) {
    ops.push_back({{"name", step.name},
                   {"op", step.op},
                   {"kernel", step.kernel},
                   {"median_us", step.median_us},
                   {"share", total > 0 ? step.median_us / total : 0}});
  }
  (*row)["ops"] = std::move(ops);
  std::sort(
      steps.begin(), steps.end(), [](const StepFigure& a, const StepFigure& b) {
        return std::tie(b.median_us, a.name) < std::tie(a.median_us, b.name);
      });
  absl::StrAppendFormat(
      text, "\n%s: %d steps, %.3f ms in all (median of %d runs)\n",
      session.model(), steps.size(), total / 1e3, kProfiledRuns);
  absl::StrAppendFormat(text, "%10s %6s  %-16s %-28s %s\n", "us", "share",
                        "operator", "kernel", "node");
  double rest = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    const StepFigure& step = steps[i];
    if (i >= kOpsShown) {
      rest += step.median_us;
      continue;
    }
    absl::StrAppendFormat(text, "%10.1f %5.1f%%  %-16s %-28s %s\n",
                          step.median_us, 100 * step.median_us / total, step.op,
                          step.kernel, step.name);
  }
  if (steps.size() > kOpsShown) {
    absl::StrAppendFormat(text,
                          "%10.1f %5.1f%%  %d steps more (--json has all)\n",
                          rest, 100 * rest / total, steps.size() - kOpsShown);
  }
  return absl::OkStatus();
}

std::string NoiseText(const RoundsResult& result) {
  return absl::StrFormat(
      "the first model beside itself: %.3f [%.3f, %.3f]; other processes used "
      "%.0f %% of the CPUs",
      result.control.value, result.control.low, result.control.high,
      100 * result.others_cpu);
}

}  // namespace

absl::StatusOr<VerbSpec> BenchSpecification() {
  VerbSpec verb;
  verb.details =
      "In every round each model has a turn of about 20 ms on the same sample, "
      "the first one two, at both ends; every other round goes backwards. "
      "ratio "
      "is the median over rounds of the model's median beside the first "
      "model's mean, with the 95 % interval of the paired rounds' order "
      "statistics. The first model beside itself shows the noise: where that "
      "could hide a difference the verdict is `unclear`, and the exit code 4: "
      "figures are printed, nothing is concluded. --command starts PROG once "
      "per model, stopped while others have their turn. It prints `ready`; "
      "then for each line `run S N` that it reads it runs the model N times on "
      "{inputs}/S/K.npy (K: the model's input) and prints one line with the N "
      "runs' milliseconds. tests/peers/bench_onnxruntime.py is one.";
  verb.positionals = {
      {"MODEL", "ONNX files; ratios are to the first", true, true}};
  verb.options = {
      MakeOption("data", "SPEC",
                 "time on its first 16 samples, one a round [an invented one: "
                 "symbolic dimensions 1, floats uniform in [0,1), integers 0]",
                 kGroup),
      MakeOption("shape", "NAME=1x128",
                 "extents of an input, or of a symbolic dimension, of the "
                 "invented sample",
                 kGroup),
      MakeOption("ops", "", "the time of every operator, with its kernel",
                 kGroup),
      MakeOption("command", "\"PROG {model}\"",
                 "time every model in this program too; {inputs}, {threads}; "
                 "may be given several times",
                 kGroup),
      MakeOption("command_only", "", "leave Hone's own engine out", kGroup),
      MakeOption("rounds", "N", "at least 6 [30]", kGroup),
      MakeOption("max_time", "TIME",
                 "begin no round after this, but for the first 6 [60s]",
                 kGroup),
      MakeOption("max_noise", "SHARE", "how far noise may reach from 1 [5%]",
                 kGroup)};
  verb.options[1].type = OptionType::kList;
  verb.options[3].type = OptionType::kTexts;
  HARNESS_ASSIGN_OR_RETURN(std::vector<Option> table,
                           AbiOptions("session", kGroup));
  // A step is what is timed, not a sequence.
  table.erase(std::remove_if(
                  table.begin(), table.end(),
                  [](const Option& option) { return option.key == "state"; }),
              table.end());
  AppendOptions(table, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone bench datasets/models/fashion_mobilenet.onnx --ops",
      "hone bench datasets/models/fashion_mobilenet.onnx "
      "datasets/models/fashion_mobilenet.onnx --shape batch=4 --threads 1 "
      "--max-noise 50%"};
  return verb;
}

absl::StatusOr<Outcome> RunBench(Environment& environment) {
  HARNESS_ASSIGN_OR_RETURN(const RoundOptions base, OptionsOf(environment));
  RoundOptions options = base;
  Bench bench;
  HARNESS_RETURN_IF_ERROR(LoadSubjects(environment, &bench));
  size_t samples = bench.subjects[0]->samples.size();
  for (const std::unique_ptr<Subject>& subject : bench.subjects) {
    samples = std::min(samples, subject->samples.size());
  }
  options.samples = static_cast<int64_t>(samples);
  HARNESS_RETURN_IF_ERROR(MakeContenders(environment, &bench));
  if (environment.arguments.Flag("dry_run")) {
    Outcome outcome;
    outcome.json = {{"dry_run", true},
                    {"contenders", bench.contenders.size()},
                    {"rounds", options.rounds},
                    {"max_s", options.max_seconds}};
    outcome.text = absl::StrCat(
        "would time ", bench.contenders.size(), " models in ", options.rounds,
        " rounds, at most about ", DurationText(options.max_seconds), "\n");
    return outcome;
  }
  HARNESS_ASSIGN_OR_RETURN(const RoundsResult result,
                           RunRounds(bench.contenders, options));
  Json rows = Json::array();
  std::string ops;
  for (size_t i = 0; i < bench.contenders.size(); ++i) {
    rows.push_back(RowOf(bench, result, i));
    if (i < bench.sessions.size() && environment.arguments.Has("device")) {
      HARNESS_ASSIGN_OR_RETURN(rows.back()["placement"],
                               PlacementOf(bench.sessions[i]->session()));
      absl::StrAppend(&ops, bench.sessions[i]->model(), ": ",
                      PlacementText(rows.back()["placement"]));
    }
    if (environment.arguments.Flag("ops") && i < bench.sessions.size()) {
      HARNESS_RETURN_IF_ERROR(AddOps(*bench.sessions[i], &rows.back(), &ops));
    }
  }
  Outcome outcome;
  outcome.text = absl::StrCat(TableOf(rows), NoiseText(result), "\n", ops);
  outcome.json = {{"threads", hone_context_threads(environment.context)},
                  {"models", std::move(rows)},
                  {"rounds", result.rounds},
                  {"samples", samples},
                  {"noise",
                   {{"ratio", result.control.value},
                    {"low", result.control.low},
                    {"high", result.control.high},
                    {"others_cpu", result.others_cpu}}},
                  {"conclusive", result.conclusive},
                  {"out_of_time", result.out_of_time},
                  {"machine", MachineName()},
                  {"instruction_set", InstructionSet()}};
  if (result.out_of_time) {
    absl::StrAppend(&outcome.text, "--max-time ended after ", result.rounds,
                    " of ", options.rounds, " rounds\n");
  }
  if (!result.conclusive) {
    outcome.refused = absl::StrCat(
        "the machine is too noisy to conclude: ", NoiseText(result),
        "; try again when it is quiet, with more --rounds, or with a larger "
        "--max-noise");
  }
  return outcome;
}

}  // namespace hone::harness
