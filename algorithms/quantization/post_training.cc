#include "algorithms/quantization/post_training.h"

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/quantization/prepare.h"
#include "algorithms/quantization/quantizer.h"
#include "algorithms/statistics/request.h"
#include "ir/error/error.h"
#include "ir/shape_inference/shape_inference.h"

namespace hone {
namespace {

absl::StatusOr<QuantizeResult> Finish(const Quantizer& quantizer) {
  HONE_ASSIGN_OR_RETURN(QuantizedModel quantized, quantizer.Quantize({}));
  QuantizeResult result;
  result.model = std::move(quantized.model);
  result.rows = std::move(quantized.rows);
  result.passes = quantizer.passes();
  return result;
}

}  // namespace

absl::StatusOr<QuantizeResult> QuantizePostTraining(
    const Model& model, SampleSource& source,
    const PostTrainingOptions& options, Runner& runner) {
  const absl::Time start = absl::Now();
  const double inference = runner.inference_seconds();
  HONE_ASSIGN_OR_RETURN(const Quantizer quantizer,
                        Quantizer::Calibrate(model, source, options, runner));
  HONE_ASSIGN_OR_RETURN(QuantizeResult result, Finish(quantizer));
  result.inference_seconds = runner.inference_seconds() - inference;
  result.wall_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  return result;
}

absl::StatusOr<QuantizeResult> QuantizePostTraining(
    const Model& model, const Statistics& statistics,
    const PostTrainingOptions& options) {
  const absl::Time start = absl::Now();
  HONE_ASSIGN_OR_RETURN(const Quantizer quantizer,
                        Quantizer::FromStatistics(model, statistics, options));
  HONE_ASSIGN_OR_RETURN(QuantizeResult result, Finish(quantizer));
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
