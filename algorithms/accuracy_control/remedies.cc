#include "algorithms/accuracy_control/remedies.h"

#include "algorithms/bias_correction/method.h"

namespace hone {
namespace {

bool Aggregate(PostTrainingOptions* options, RangeAggregator aggregator) {
  RangeEstimator& estimator = options->activations_range_estimator;
  const bool there = !estimator.histogram_mse && estimator.min == aggregator &&
                     estimator.max == aggregator;
  estimator.histogram_mse = false;
  estimator.min = estimator.max = aggregator;
  return !there;
}

bool Mixed(PostTrainingOptions* options) {
  if (options->preset != QuantizationPreset::kPerformance ||
      options->runtime == TargetRuntime::kTensorRt) {
    return false;
  }
  options->preset = QuantizationPreset::kMixed;
  return true;
}

bool Quantile(PostTrainingOptions* options) {
  return Aggregate(options, RangeAggregator::kQuantile);
}

bool LeastSquares(PostTrainingOptions* options) {
  RangeEstimator& estimator = options->activations_range_estimator;
  const bool there = estimator.histogram_mse;
  estimator.histogram_mse = true;
  return !there;
}

bool Extremes(PostTrainingOptions* options) {
  return Aggregate(options, RangeAggregator::kExtreme);
}

bool CorrectedBiases(PostTrainingOptions* options) {
  if (options->bias_correction != BiasCorrection::kNone) return false;
  options->bias_correction = BiasCorrection::kFast;
  return true;
}

}  // namespace

absl::Span<const Remedy> Remedies() {
  static constexpr Remedy kRemedies[] = {
      {"preset=mixed", Mixed},
      {"activations_range_estimator=quantile", Quantile},
      {"activations_range_estimator=mse", LeastSquares},
      {"activations_range_estimator=min_max", Extremes},
      {"bias_correction=fast", CorrectedBiases},
  };
  return kRemedies;
}

}  // namespace hone
