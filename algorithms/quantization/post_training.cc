#include "algorithms/quantization/post_training.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/contract/contract.h"
#include "algorithms/contract/patch.h"
#include "algorithms/quantization/ignored_scope.h"
#include "algorithms/quantization/min_max_quantization.h"
#include "algorithms/quantization/prepare.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/value_hash.h"
#include "ir/error/error.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/device.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

absl::StatusOr<QuantizeResult> Finish(PreparedModel prepared,
                                      const Statistics& statistics,
                                      const OnePass& algorithm, int threads) {
  ThreadPool pool(threads);
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Device> device,
                        MakeDevice("cpu", pool));
  HONE_ASSIGN_OR_RETURN(const Patch patch,
                        algorithm.Apply(prepared.model, statistics, *device));
  QuantizeResult result;
  result.rows = JoinRows(prepared, patch.rows);
  HONE_RETURN_IF_ERROR(ApplyPatch(patch, &prepared.model));
  RemoveGivenNames(prepared, &prepared.model.graph);
  result.model = std::move(prepared.model);
  return result;
}

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

}  // namespace

absl::StatusOr<QuantizeResult> QuantizePostTraining(
    const Model& model, SampleSource& source,
    const PostTrainingOptions& options, Runner& runner) {
  const absl::Time start = absl::Now();
  HONE_RETURN_IF_ERROR(CheckOptions(model, options));
  if (source.size() == 0) {
    return absl::InvalidArgumentError("the calibration data have no sample");
  }
  const int passes = runner.passes();
  const double inference = runner.inference_seconds();
  HONE_ASSIGN_OR_RETURN(PreparedModel prepared, PrepareForQuantization(model));
  const MinMaxQuantization algorithm(WithoutScopeCheck(options));
  const std::vector<uint64_t> samples =
      SpreadSamples(source.size(), options.subset_size, options.seed);
  HONE_ASSIGN_OR_RETURN(
      const Statistics statistics,
      runner.Collect(prepared.model, algorithm.Wanted(prepared.model), source,
                     samples));
  HONE_ASSIGN_OR_RETURN(
      QuantizeResult result,
      Finish(std::move(prepared), statistics, algorithm, runner.threads()));
  result.passes = runner.passes() - passes;
  result.inference_seconds = runner.inference_seconds() - inference;
  result.wall_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  return result;
}

absl::StatusOr<QuantizeResult> QuantizePostTraining(
    const Model& model, const Statistics& statistics,
    const PostTrainingOptions& options) {
  const absl::Time start = absl::Now();
  HONE_RETURN_IF_ERROR(CheckOptions(model, options));
  HONE_ASSIGN_OR_RETURN(PreparedModel prepared, PrepareForQuantization(model));
  const MinMaxQuantization algorithm(WithoutScopeCheck(options));
  const auto hashes = HashValues(prepared.model);
  const StatsRequest wanted = algorithm.Wanted(prepared.model);
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
  HONE_ASSIGN_OR_RETURN(
      QuantizeResult result,
      Finish(std::move(prepared), statistics, algorithm, AvailableThreads()));
  result.wall_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  return result;
}

absl::StatusOr<Statistics> CollectCalibration(
    const Model& model, SampleSource& source,
    absl::Span<const uint64_t> samples, Runner& runner) {
  if (samples.empty()) {
    return absl::InvalidArgumentError("the calibration data have no sample");
  }
  HONE_ASSIGN_OR_RETURN(const PreparedModel prepared,
                        PrepareForQuantization(model));
  HONE_ASSIGN_OR_RETURN(const InferredTypes types,
                        InferShapes(prepared.model, {}));
  StatsRequest request;
  const GraphIndex index(prepared.model.graph);
  const auto add = [&](const std::string& value) {
    const Type& type = types.TypeOf(value);
    if (!value.empty() && type.is_tensor() && type.dtype == DType::kF32) {
      request.Add(value, kRangeStats | kSampleRangeStats | kHistogramStats);
    }
  };
  for (const ValueInfo& input : prepared.model.graph.inputs) {
    if (index.InitializerTensor(input.name) == nullptr) add(input.name);
  }
  for (const Node& node : prepared.model.graph.nodes) {
    if (node.Is("Constant")) continue;
    for (const std::string& output : node.outputs) add(output);
  }
  return runner.Collect(prepared.model, request, source, samples);
}

}  // namespace hone
