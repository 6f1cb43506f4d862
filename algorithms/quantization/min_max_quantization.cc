#include "algorithms/quantization/min_max_quantization.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "algorithms/quantization/emit.h"
#include "algorithms/quantization/ignored_scope.h"
#include "algorithms/quantization/range_estimate.h"
#include "algorithms/quantization/ranges.h"
#include "ir/error/error.h"

namespace hone {
namespace {

// DequantizeLinear has a scale per channel from this opset on.
constexpr int64_t kPerAxisOpset = 13;

uint32_t KindsFor(const RangeEstimator& estimator) {
  uint32_t kinds = kRangeStats;
  for (const RangeAggregator aggregator : {estimator.min, estimator.max}) {
    if (aggregator == RangeAggregator::kMean ||
        aggregator == RangeAggregator::kMedian) {
      kinds |= kSampleRangeStats;
    }
    if (aggregator == RangeAggregator::kQuantile) kinds |= kHistogramStats;
  }
  return estimator.histogram_mse ? kRangeStats | kHistogramStats : kinds;
}

// Scale and zero point of every quantized value, groups united.
absl::StatusOr<std::map<std::string, ActivationParams>> ParamsOfValues(
    const Placement& placement, const Stats& stats,
    const PostTrainingOptions& options) {
  const bool symmetric = HasSymmetricActivations(options);
  std::map<std::string, ActivationRange> ranges;  // by group
  for (const auto& [name, value] : placement.values) {
    if (!value.measured) continue;
    const ValueStatistics* statistics = stats.Find(name);
    if (statistics == nullptr) {
      return MakeError(absl::StatusCode::kNotFound,
                       "statistics lack a value that is to be quantized",
                       {.expected = name});
    }
    if (statistics->nan_count > 0) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "a value to be quantized is NaN in the calibration data",
                       {.node = name,
                        .expected = "finite elements",
                        .found = absl::StrCat(statistics->nan_count, " NaN")});
    }
    const absl::StatusOr<ActivationRange> range = EstimateRange(
        *statistics, options.activations_range_estimator, symmetric);
    if (!range.ok()) return WithNode(range.status(), name);
    const auto [place, fresh] = ranges.emplace(value.group, *range);
    if (!fresh) place->second = UniteRanges(place->second, *range);
  }
  std::map<std::string, ActivationParams> params;
  for (const auto& [name, value] : placement.values) {
    ActivationRange range = ranges.at(value.group);
    bool non_negative = value.non_negative;
    if (options.runtime == TargetRuntime::kTensorRt) {
      // Signed int8 whatever the sign of the data.
      range.low = -range.high;
      non_negative = false;
    }
    params[name] = ParamsOf(range, non_negative);
  }
  return params;
}

}  // namespace

bool HasSymmetricActivations(const PostTrainingOptions& options) {
  if (options.runtime == TargetRuntime::kTensorRt) return true;
  return options.preset == QuantizationPreset::kPerformance;
}

MinMaxQuantization::MinMaxQuantization(const PostTrainingOptions& options,
                                       std::map<int, std::string> kept_float)
    : options_(options), kept_float_(std::move(kept_float)) {}

absl::StatusOr<Placement> MinMaxQuantization::Place(const Model& model) const {
  HONE_ASSIGN_OR_RETURN(std::vector<std::string> ignored,
                        MatchIgnoredScope(model.graph, options_.ignored_scope));
  for (const auto& [node, why] : kept_float_) {
    if (node < 0 || node >= static_cast<int>(ignored.size())) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "a node to be kept in float is not there",
                       {.expected = absl::StrCat("below ", ignored.size()),
                        .found = absl::StrCat(node)});
    }
    if (ignored[node].empty()) ignored[node] = why;
  }
  return PlaceQuantizers(model, options_, ignored);
}

absl::StatusOr<std::vector<int>> MinMaxQuantization::Layers(
    const Model& model) const {
  HONE_ASSIGN_OR_RETURN(const Placement placement, Place(model));
  std::vector<int> layers;
  for (size_t i = 0; i < placement.nodes.size(); ++i) {
    const NodePlacement& node = placement.nodes[i];
    const bool computes = node.role == Role::kWeighted ||
                          node.role == Role::kElementwise ||
                          node.role == Role::kConcat;
    // A clamp behind an integer kernel has no input of its own.
    if (node.quantized && computes && !node.inputs.empty()) {
      layers.push_back(static_cast<int>(i));
    }
  }
  return layers;
}

StatsRequest MinMaxQuantization::Wanted(const Model& model) const {
  StatsRequest request;
  const absl::StatusOr<Placement> placement = Place(model);
  if (!placement.ok()) return request;
  const uint32_t kinds = KindsFor(options_.activations_range_estimator);
  for (const auto& [name, value] : placement->values) {
    if (value.measured) request.Add(name, kinds);
  }
  return request;
}

absl::StatusOr<Patch> MinMaxQuantization::Apply(const Model& model,
                                                const Stats& stats,
                                                Device& device) const {
  HONE_ASSIGN_OR_RETURN(const Placement placement, Place(model));
  HONE_ASSIGN_OR_RETURN(const auto params,
                        ParamsOfValues(placement, stats, options_));
  const bool per_channel =
      options_.per_channel && model.Opset() >= kPerAxisOpset;
  return EmitQuantized(model, placement, params, options_, per_channel, device);
}

}  // namespace hone
