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
  const Model& prepared = quantizer.prepared_.model;
  const MinMaxQuantization algorithm(quantizer.options_);
  const std::vector<uint64_t> samples =
      SpreadSamples(source.size(), options.subset_size, options.seed);
  HONE_ASSIGN_OR_RETURN(
      quantizer.statistics_,
      runner.Collect(prepared, algorithm.Wanted(prepared), source, samples));
  quantizer.passes_ = 1;
  if (options.bias_correction != BiasCorrection::kNone) {
    ThreadPool pool(quantizer.threads_);
    HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Device> device,
                          MakeDevice("cpu", pool));
    Report rows;
    HONE_ASSIGN_OR_RETURN(const Model quantized, quantizer.Emit({}, &rows));
    HONE_ASSIGN_OR_RETURN(quantizer.correction_,
                          CorrectBiases(options.bias_correction, prepared,
                                        quantized, HasIntegerBias(options),
                                        source, samples, runner, *device));
    quantizer.passes_ += quantizer.correction_.passes;
  }
  return quantizer;
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
