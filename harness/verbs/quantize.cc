// hone quantize MODEL -o OUT --data D
#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/bench/inputs.h"
#include "harness/bench/session_contender.h"
#include "harness/cli/quantities.h"
#include "harness/cli/quantity_options.h"
#include "harness/data/flags.h"
#include "harness/data/metrics.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/machine/machine.h"
#include "harness/speed/verify_speed.h"
#include "harness/verbs/accuracy.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

struct Calibration {
  std::shared_ptr<const BoundData> data;
  DatasetPtr dataset;
  StatisticsPtr statistics;
};

// The options as typed, with further nodes left in float.
absl::StatusOr<OptionsPtr> OptionsWithout(
    const Arguments& arguments, const std::vector<std::string>& names) {
  HARNESS_ASSIGN_OR_RETURN(OptionsPtr options,
                           AbiOptionsOf(arguments, "quantize"));
  if (names.empty()) return options;
  std::vector<std::string> all = arguments.List("ignored_names");
  all.insert(all.end(), names.begin(), names.end());
  const Json json = {{"ignored_names", all}};
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_options_set_json(options.get(), ToText(json).c_str())));
  return options;
}

absl::StatusOr<StatisticsPtr> LoadStatistics(
    const std::vector<std::string>& paths) {
  std::vector<StatisticsPtr> shards;
  std::vector<const hone_statistics*> raw;
  for (const std::string& path : paths) {
    StatisticsPtr shard;
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_statistics_load(path.c_str(), Out(&shard))));
    raw.push_back(shard.get());
    shards.push_back(std::move(shard));
  }
  if (shards.size() == 1) return std::move(shards[0]);
  StatisticsPtr merged;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_statistics_merge(raw.data(), raw.size(), Out(&merged))));
  return merged;
}

absl::StatusOr<Calibration> OpenCalibration(const Environment& environment,
                                            const Signature& signature) {
  const Arguments& arguments = environment.arguments;
  Calibration out;
  if (arguments.Has("statistics")) {
    if (arguments.Has("data")) {
      return UsageError("either --data or --statistics, not both");
    }
    HARNESS_ASSIGN_OR_RETURN(out.statistics,
                             LoadStatistics(arguments.List("statistics")));
    return out;
  }
  HARNESS_ASSIGN_OR_RETURN(out.data, OpenData(arguments, "data", signature));
  WarnAbout(*out.data, environment.progress);
  // The model records what data it was calibrated with.
  HARNESS_ASSIGN_OR_RETURN(const std::string identity, out.data->Identity());
  HARNESS_ASSIGN_OR_RETURN(out.dataset, AsDataset(out.data, identity));
  return out;
}

// Quantizes with further nodes in float; statistics, where given, spare passes.
absl::StatusOr<QuantizedCandidate> QuantizeWithout(
    const Environment& environment, const hone_model* model,
    const hone_statistics* statistics, const std::vector<std::string>& names) {
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           OptionsWithout(environment.arguments, names));
  // Speed does not depend on it, and it would need the data.
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_options_set_text(options.get(), "bias_correction", "none")));
  QuantizedCandidate out;
  ResultPtr report;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_quantize(environment.context, model, nullptr, statistics,
                             options.get(), Out(&out.model), Out(&report))));
  out.nodes =
      ParseJson(hone_result_json(report.get())).value("nodes", Json::array());
  return out;
}

// What --verify-speed leaves in float.
absl::StatusOr<SpeedResult> Verify(const Environment& environment,
                                   const std::string& path,
                                   const hone_model* model,
                                   const Signature& signature,
                                   const Calibration& calibration) {
  StatisticsPtr collected;
  const hone_statistics* statistics = calibration.statistics.get();
  if (statistics == nullptr) {
    HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                             AbiOptionsOf(environment.arguments, "statistics"));
    HARNESS_RETURN_IF_ERROR(FromHone(hone_statistics_collect(
        environment.context, model, calibration.dataset.get(), options.get(),
        Out(&collected))));
    statistics = collected.get();
  }
  std::vector<BenchSample> samples;
  if (calibration.data != nullptr) {
    HARNESS_ASSIGN_OR_RETURN(samples, TakeSamples(*calibration.data, 4));
  } else {
    HARNESS_ASSIGN_OR_RETURN(BenchSample sample,
                             InventSample(signature, {}, 0));
    samples.push_back(std::move(sample));
  }
  SpeedSettings settings;
  settings.context = environment.context;
  settings.command = environment.arguments.Text("command");
  settings.model_path = path;
  settings.model = model;
  settings.signature = &signature;
  settings.samples = &samples;
  settings.quantize = [&](const std::vector<std::string>& names) {
    return QuantizeWithout(environment, model, statistics, names);
  };
  settings.interrupted = environment.interrupted;
  settings.warn = [&](const std::string& text) {
    environment.progress->Warning(text);
  };
  settings.progress = [&](const std::string& stage, int done) {
    environment.progress->Update(stage, done, 0, -1);
  };
  return VerifySpeed(settings);
}

// Rows of nodes that --verify-speed left in float say so.
void SaySpeed(const SpeedResult& speed, Outcome* outcome) {
  outcome->json["verify_speed"] = speed.json;
  outcome->text += speed.text;
  if (!outcome->json.contains("nodes")) return;
  for (Json& row : outcome->json["nodes"]) {
    const std::string name = row.value("name", std::string());
    for (const std::string& left : speed.in_float) {
      if (left == name) {
        row["why"] = "speed: faster in float in the runtime measured";
      }
    }
  }
}

// The float model's and the quantized model's figures.
absl::Status Compare(Environment& environment, const hone_model* model,
                     const hone_model* quantized,
                     const std::shared_ptr<const BoundData>& data,
                     const std::vector<std::string>& metrics,
                     Outcome* outcome) {
  HARNESS_ASSIGN_OR_RETURN(
      const EvaluateResult before,
      EvaluateMetrics(environment.context, model, model, data, metrics));
  HARNESS_ASSIGN_OR_RETURN(
      const EvaluateResult after,
      EvaluateMetrics(environment.context, quantized, model, data, metrics));
  outcome->json["baseline"] = FiguresJson(before.figures);
  outcome->json["metrics"] = FiguresJson(after.figures);
  for (size_t i = 0; i < metrics.size(); ++i) {
    absl::StrAppend(&outcome->text, FigureText(after.figures[i]), ", float ",
                    IntervalText(before.figures[i].value, before.figures[i].low,
                                 before.figures[i].high),
                    ", ", after.samples, " samples\n");
  }
  outcome->json["met"] = true;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerbSpec> QuantizeSpecification() {
  VerbSpec verb;
  verb.details =
      "Writes a standard ONNX model with 8-bit weights and activations. Ranges "
      "follow from --data (or --statistics). With --eval the float and the "
      "quantized model are measured; with --max-drop the layers that cost most "
      "stay in float until the metric falls by no more, and the command exits "
      "with 1 when that cannot be met.";
  verb.positionals = {{"MODEL", "an ONNX file in float", true}};
  constexpr char kGroup[] = "Quantization";
  verb.options = {
      MakeOption("output", "FILE", "the ONNX file to write", kGroup, "o"),
      MakeOption("data", "SPEC", "samples that calibrate", kGroup),
      MakeOption("statistics", "FILE,...",
                 "shards of `hone statistics`, instead of --data", kGroup),
      MakeOption("eval", "SPEC", "samples that measure the result", kGroup),
      MakeOption("metric", "NAME,...",
                 "what is measured [top1 with labels, else agreement, sqnr, "
                 "cosine]",
                 kGroup),
      MakeOption(
          "max_drop", "X|METRIC=X,...",
          "largest drop that is accepted, in the metric's unit or as "
          "1%: layers stay in float for it; exit code 1 when it cannot be met",
          kGroup),
      MakeOption("verify_speed", "",
                 "measure what integers pay in --command's runtime (else in "
                 "Hone's own engine) and leave in float what does not",
                 kGroup),
      MakeOption("command", "\"PROG {model}\"",
                 "the runtime that --verify-speed measures, as in hone bench",
                 kGroup)};
  verb.options[2].type = OptionType::kList;
  verb.options[4].type = OptionType::kList;
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("quantize", kGroup));
  AppendOptions(table, &verb.options);
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> save,
                           AbiOptions("save", kGroup));
  AppendOptions(save, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone quantize datasets/models/fashion_mobilenet.onnx -o int8.onnx "
      "--scale 255 --data idx:/usr/share/datasets/fashion-mnist/"
      "train-images-idx3-ubyte.gz@0:300",
      "hone quantize datasets/models/fashion_mobilenet.onnx -o int8.onnx "
      "--data random:32 --preset mixed --report nodes.html"};
  return verb;
}

absl::StatusOr<Outcome> RunQuantize(Environment& environment) {
  const auto start = std::chrono::steady_clock::now();
  MemoryWatch memory;
  const Arguments& arguments = environment.arguments;
  const std::string& path = arguments.positional(0);
  const std::string output = arguments.Text("output");
  if (output.empty() && !arguments.Flag("dry_run")) {
    return UsageError("hone quantize: -o FILE is missing");
  }
  const std::vector<std::string> asked = arguments.List("metric");
  HARNESS_RETURN_IF_ERROR(CheckMetricNames(asked));
  HARNESS_ASSIGN_OR_RETURN(std::vector<Bound> bounds,
                           BoundsOf(arguments, "max_drop"));
  if (!bounds.empty()) {
    if (!arguments.Has("eval")) {
      return UsageError("--max-drop needs --eval SPEC: samples that decide");
    }
    if (arguments.Has("statistics")) {
      return UsageError(
          "--max-drop needs --data: layers are ranked on its samples, which "
          "--statistics do not hold");
    }
  }
  if (arguments.Has("command") && !arguments.Flag("verify_speed")) {
    return UsageError("--command is what --verify-speed measures in");
  }
  HARNESS_ASSIGN_OR_RETURN(OptionsPtr options,
                           AbiOptionsOf(arguments, "quantize"));
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr save,
                           AbiOptionsOf(arguments, "save"));
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model, LoadModel(environment, path));
  HARNESS_ASSIGN_OR_RETURN(const Signature signature, SignatureOf(model.get()));
  HARNESS_ASSIGN_OR_RETURN(const Calibration calibration,
                           OpenCalibration(environment, signature));
  std::shared_ptr<const BoundData> eval;
  if (arguments.Has("eval")) {
    HARNESS_ASSIGN_OR_RETURN(eval, OpenData(arguments, "eval", signature));
    WarnAbout(*eval, environment.progress);
  }
  std::vector<std::string> metrics;
  if (eval != nullptr) {
    metrics = MetricsOrDefault(asked, eval->has_targets());
    HARNESS_ASSIGN_OR_RETURN(bounds, NamedBounds(std::move(bounds), metrics));
  }
  if (arguments.Flag("dry_run") && calibration.data != nullptr) {
    HARNESS_ASSIGN_OR_RETURN(
        const int64_t subset,
        arguments.Int("subset_size", 300, 1, int64_t{1} << 53));
    std::vector<std::pair<std::string, int64_t>> passes = {
        {"calibrate", std::min(subset, calibration.data->items())}};
    if (eval != nullptr) passes.emplace_back("evaluate", 2 * eval->items());
    return DryRun(environment, model.get(), calibration.data, passes);
  }
  std::optional<SpeedResult> speed;
  if (arguments.Flag("verify_speed") && !arguments.Flag("dry_run")) {
    HARNESS_ASSIGN_OR_RETURN(
        speed, Verify(environment, path, model.get(), signature, calibration));
    // The model's record of its options holds what was decided.
    HARNESS_ASSIGN_OR_RETURN(options,
                             OptionsWithout(arguments, speed->in_float));
  }
  ModelPtr quantized;
  ResultPtr result;
  if (!bounds.empty() && !arguments.Flag("dry_run")) {
    HARNESS_ASSIGN_OR_RETURN(
        Controlled controlled,
        QuantizeWithin(environment, model.get(), calibration.dataset.get(),
                       eval, metrics, bounds, options.get()));
    quantized = std::move(controlled.model);
    result = std::move(controlled.result);
  } else {
    HARNESS_RETURN_IF_ERROR(FromHone(
        hone_quantize(environment.context, model.get(),
                      calibration.dataset.get(), calibration.statistics.get(),
                      options.get(), Out(&quantized), Out(&result))));
  }
  Outcome outcome;
  outcome.json = {{"model", path}, {"output", output}};
  const Json report = ParseJson(hone_result_json(result.get()));
  if (report.is_object()) outcome.json.update(report);
  if (arguments.Flag("dry_run")) {
    outcome.json["dry_run"] = true;
    outcome.text = "would write the quantized model; nothing was written\n";
    return outcome;
  }
  // Written before it is measured: an interruption keeps the work.
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_model_save(quantized.get(), output.c_str(), save.get())));
  HARNESS_ASSIGN_OR_RETURN(const uint64_t before, FileSize(path));
  HARNESS_ASSIGN_OR_RETURN(const uint64_t after, FileSize(output));
  outcome.json["size_bytes_before"] = before;
  outcome.json["size_bytes_after"] = after;
  absl::StrAppendFormat(
      &outcome.text, "%s: %s, %.2f times smaller than %s (%s)\n", output,
      BytesText(static_cast<double>(after)),
      static_cast<double>(before) / static_cast<double>(after), path,
      BytesText(static_cast<double>(before)));
  if (speed.has_value()) SaySpeed(*speed, &outcome);
  if (!bounds.empty()) {
    SayControl(report, &outcome);
  } else if (eval != nullptr) {
    HARNESS_RETURN_IF_ERROR(Compare(environment, model.get(), quantized.get(),
                                    eval, metrics, &outcome));
  }
  const std::chrono::duration<double> wall =
      std::chrono::steady_clock::now() - start;
  outcome.json["wall_s"] = wall.count();
  outcome.json["peak_rss_bytes"] = PeakResidentBytes();
  outcome.json["peak_anon_bytes"] = memory.PeakAnonymousBytes();
  return outcome;
}

}  // namespace hone::harness
