#include "algorithms/quantization/quantizer.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/contract/patch.h"
#include "algorithms/quantization/ignored_scope.h"
#include "algorithms/quantization/min_max_quantization.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/value_hash.h"
#include "ir/error/error.h"
#include "kernels/exec/device.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Options and the ignored scope, which is about the nodes as they were given.
absl::Status CheckOptions(const Model& model,
                          const PostTrainingOptions& options) {
  HONE_RETURN_IF_ERROR(ValidateOptions(options));
  return MatchIgnoredScope(model.graph, options.ignored_scope).status();
}

// Nodes of the ignored scope may be folded away, so that it need not match any
// more.
PostTrainingOptions WithoutScopeCheck(PostTrainingOptions options) {
  options.ignored_scope.validate = false;
  return options;
}

bool HasIntegerBias(const PostTrainingOptions& options) {
  return options.runtime == TargetRuntime::kOnnxRuntime;
}

}  // namespace

absl::StatusOr<Quantizer> Quantizer::Calibrate(
    const Model& model, SampleSource& source,
    const PostTrainingOptions& options, Runner& runner) {
  HONE_RETURN_IF_ERROR(CheckOptions(model, options));
  if (source.size() == 0) {
    return absl::InvalidArgumentError("the calibration data have no sample");
  }
  Quantizer quantizer;
  quantizer.options_ = WithoutScopeCheck(options);
  quantizer.threads_ = runner.threads();
  HONE_ASSIGN_OR_RETURN(quantizer.prepared_, PrepareForQuantization(model));
  HONE_RETURN_IF_ERROR(quantizer.Measure(source, runner));
  return quantizer;
}

absl::StatusOr<Quantizer> Quantizer::Recalibrated(
    const PostTrainingOptions& options, SampleSource& source,
    Runner& runner) const {
  HONE_RETURN_IF_ERROR(ValidateOptions(options));
  Quantizer quantizer;
  quantizer.prepared_ = prepared_;
  quantizer.options_ = WithoutScopeCheck(options);
  quantizer.threads_ = runner.threads();
  HONE_RETURN_IF_ERROR(quantizer.Measure(source, runner));
  return quantizer;
}

absl::Status Quantizer::Measure(SampleSource& source, Runner& runner) {
  const Model& prepared = prepared_.model;
  const MinMaxQuantization algorithm(options_);
  const std::vector<uint64_t> samples =
      SpreadSamples(source.size(), options_.subset_size, options_.seed);
  HONE_ASSIGN_OR_RETURN(
      statistics_,
      runner.Collect(prepared, algorithm.Wanted(prepared), source, samples));
  passes_ = 1;
  if (options_.bias_correction == BiasCorrection::kNone) {
    return absl::OkStatus();
  }
  ThreadPool pool(threads_);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Device> device,
                        MakeDevice("cpu", pool));
  Report rows;
  HONE_ASSIGN_OR_RETURN(const Model quantized, Emit({}, &rows));
  HONE_ASSIGN_OR_RETURN(
      correction_, CorrectBiases(options_.bias_correction, prepared, quantized,
                                 HasIntegerBias(options_), source, samples,
                                 runner, *device));
  passes_ += correction_.passes;
  return absl::OkStatus();
}

absl::StatusOr<Quantizer> Quantizer::FromStatistics(
    const Model& model, const Statistics& statistics,
    const PostTrainingOptions& options) {
  HONE_RETURN_IF_ERROR(CheckOptions(model, options));
  if (options.bias_correction != BiasCorrection::kNone) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "bias correction measures the quantized model",
                     {.expected = "samples", .found = "statistics alone"});
  }
  Quantizer quantizer;
  quantizer.options_ = WithoutScopeCheck(options);
  quantizer.threads_ = AvailableThreads();
  quantizer.statistics_ = statistics;
  HONE_ASSIGN_OR_RETURN(quantizer.prepared_, PrepareForQuantization(model));
  const Model& prepared = quantizer.prepared_.model;
  const auto hashes = HashValues(prepared);
  const StatsRequest wanted =
      MinMaxQuantization(quantizer.options_).Wanted(prepared);
  for (const auto& [name, kinds] : wanted.values()) {
    const auto entry = statistics.values().find(name);
    if (entry != statistics.values().end() &&
        entry->second.hash != hashes.at(name)) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "the statistics are of another model",
                       {.node = name,
                        .expected = hashes.at(name),
                        .found = entry->second.hash});
    }
  }
  return quantizer;
}

absl::StatusOr<std::vector<int>> Quantizer::Layers() const {
  return MinMaxQuantization(options_).Layers(prepared_.model);
}

absl::StatusOr<Model> Quantizer::Emit(
    const std::map<int, std::string>& kept_float, Report* rows) const {
  const MinMaxQuantization algorithm(options_, kept_float);
  ThreadPool pool(threads_);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Device> device,
                        MakeDevice("cpu", pool));
  HONE_ASSIGN_OR_RETURN(Patch patch,
                        algorithm.Apply(prepared_.model, statistics_, *device));
  Model model = prepared_.model;
  HONE_RETURN_IF_ERROR(ApplyPatch(patch, &model));
  *rows = std::move(patch.rows);
  return model;
}

absl::StatusOr<QuantizedModel> Quantizer::Quantize(
    const std::map<int, std::string>& kept_float) const {
  QuantizedModel result;
  HONE_ASSIGN_OR_RETURN(result.model, Emit(kept_float, &result.prepared_rows));
  Report rows = result.prepared_rows;
  if (options_.bias_correction != BiasCorrection::kNone) {
    HONE_RETURN_IF_ERROR(ApplyShifts(correction_.shifts,
                                     HasIntegerBias(options_), &result.model));
    AddBiasRows(options_.bias_correction, correction_, prepared_.model.graph,
                &rows);
  }
  result.rows = JoinRows(prepared_, rows);
  RemoveGivenNames(prepared_, &result.model.graph);
  return result;
}

}  // namespace hone
