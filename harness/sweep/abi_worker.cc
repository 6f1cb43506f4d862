#include "harness/sweep/abi_worker.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "harness/data/metrics.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/machine/machine.h"

namespace hone::harness {

absl::StatusOr<OptionsPtr> OptionsOfJson(const Json& json) {
  OptionsPtr options;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_options_new(Out(&options))));
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_options_set_json(options.get(), ToText(json).c_str())));
  return options;
}

AbiWorker::AbiWorker(Settings settings) : settings_(std::move(settings)) {}

std::unique_ptr<AbiWorker> AbiWorker::Sibling(hone_context* context) const {
  Settings settings = settings_;
  settings.context = context;
  auto sibling = std::make_unique<AbiWorker>(std::move(settings));
  sibling->statistics_ = statistics_;
  return sibling;
}

absl::Status AbiWorker::Prepare() {
  if (statistics_ != nullptr) return absl::OkStatus();
  const std::string key = Sha256(absl::StrCat(
      settings_.model_sha256, "\n", settings_.data_identity, "\n",
      CanonicalText(settings_.statistics_options), "\n", hone_version()));
  const std::string path = absl::StrCat(settings_.folder, "/statistics-",
                                        key.substr(0, 16), ".hone");
  StatisticsPtr statistics;
  if (Exists(path)) {
    const absl::Status status =
        FromHone(hone_statistics_load(path.c_str(), Out(&statistics)));
    if (status.ok()) {
      statistics_ = std::move(statistics);
      return absl::OkStatus();
    }
    settings_.progress->Warning(
        absl::StrCat(status.message(), "; the statistics are collected again"));
  }
  if (settings_.data == nullptr) {
    return InputError(path, "the study's statistics are not there",
                      "--data SPEC, as the study was started with");
  }
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           OptionsOfJson(settings_.statistics_options));
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset,
                           AsDataset(settings_.data, settings_.data_identity));
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_statistics_collect(settings_.context, settings_.model, dataset.get(),
                              options.get(), Out(&statistics))));
  const std::string temporary = TemporaryPath(path);
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_statistics_save(statistics.get(), temporary.c_str())));
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return IoError(path, "cannot write", errno);
  }
  statistics_ = std::move(statistics);
  return absl::OkStatus();
}

absl::StatusOr<TrialWorker::Built> AbiWorker::Build(const std::string& config) {
  HARNESS_RETURN_IF_ERROR(Prepare());
  Json merged = settings_.base_options;
  merged.update(ParseJson(config));
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options, OptionsOfJson(merged));
  ModelPtr quantized;
  ResultPtr result;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_quantize(
      settings_.context, settings_.model, nullptr, statistics_.get(),
      options.get(), Out(&quantized), Out(&result))));
  TextPtr bytes;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_model_to_bytes(quantized.get(), Out(&bytes))));
  Built built;
  built.bytes = ToString(bytes.get());
  built.detail = hone_result_json(result.get());
  return built;
}

absl::StatusOr<Json> AbiWorker::Sensitivity(const std::string& config) {
  HARNESS_RETURN_IF_ERROR(Prepare());
  if (settings_.data == nullptr) {
    return InputError(settings_.folder, "layers are not compared",
                      "--data SPEC, as the study was started with");
  }
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
      settings_.context, settings_.model, nullptr, Out(&text))));
  const Json inspected = ParseJson(ToString(text.get()));
  double macs = 0;
  for (const Json& node : inspected.value("nodes", Json::array())) {
    macs += node.value("macs", 0.0);
  }
  // A run with the layer in float, one with it alone quantized; on the average
  // the first half of either is known already.
  const double work = macs * inspected.value("node_count", 1.0);
  const int64_t samples = static_cast<int64_t>(
      std::clamp(kSensitivityMacs / std::max(work, 1.0), 1.0,
                 static_cast<double>(kSensitivitySamples)));
  Json merged = settings_.base_options;
  merged.update(ParseJson(config));
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options, OptionsOfJson(merged));
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset,
                           AsDataset(settings_.data, settings_.data_identity));
  ResultPtr result;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_sensitivity(
      settings_.context, settings_.model, dataset.get(), statistics_.get(),
      options.get(), static_cast<uint64_t>(samples), Out(&result))));
  return ParseJson(hone_result_json(result.get()));
}

absl::StatusOr<Artifact> AbiWorker::Float() {
  Artifact artifact;
  artifact.sha256 = settings_.model_sha256;
  std::error_code error;
  artifact.path =
      std::filesystem::absolute(settings_.model_path, error).string();
  if (error) {
    return IoError(settings_.model_path, "cannot read", error.value());
  }
  HARNESS_ASSIGN_OR_RETURN(const uint64_t file, FileSize(artifact.path));
  // Weights in files beside the model count too.
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
      settings_.context, settings_.model, nullptr, Out(&text))));
  const Json inspected = ParseJson(ToString(text.get()));
  artifact.size_bytes = std::max(static_cast<int64_t>(file),
                                 inspected.value("weight_bytes", int64_t{0}));
  return artifact;
}

absl::StatusOr<std::vector<Measurement>> AbiWorker::Measure(
    const std::string& path, const std::string& role) {
  ModelPtr model;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_model_load(settings_.context, path.c_str(), Out(&model))));
  HARNESS_ASSIGN_OR_RETURN(
      const EvaluateResult result,
      EvaluateMetrics(settings_.context, model.get(), settings_.model,
                      role == "test" ? settings_.test : settings_.eval,
                      settings_.metrics));
  std::vector<Measurement> out;
  for (const Figure& figure : result.figures) {
    Measurement m;
    m.role = role;
    m.metric = figure.metric;
    m.value = figure.value;
    m.low = figure.low;
    m.high = figure.high;
    m.samples = result.samples;
    m.engine = absl::StrCat("hone ", hone_version());
    m.machine = MachineName();
    m.instruction_set = InstructionSet();
    m.threads = hone_context_threads(settings_.context);
    m.wall_s = result.wall_s;
    out.push_back(std::move(m));
  }
  return out;
}

}  // namespace hone::harness
