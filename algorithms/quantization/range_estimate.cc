#include "algorithms/quantization/range_estimate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "algorithms/quantization/histogram_range.h"
#include "ir/error/error.h"

namespace hone {
namespace {

// The least and greatest elements of the samples, in one list each; magnitudes
// as the greatest ones when symmetric.
std::pair<std::vector<float>, std::vector<float>> SampleExtremes(
    const ValueStatistics& statistics, bool symmetric) {
  std::vector<float> low, high;
  for (const SampleRange& sample : statistics.samples) {
    low.push_back(sample.min);
    high.push_back(symmetric
                       ? std::max(std::fabs(sample.min), std::fabs(sample.max))
                       : sample.max);
  }
  return {std::move(low), std::move(high)};
}

float Mean(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += v;
  return static_cast<float>(sum / static_cast<double>(values.size()));
}

float Median(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

absl::Status Lacking(absl::string_view what) {
  return MakeError(absl::StatusCode::kNotFound,
                   "statistics lack what the range estimator needs",
                   {.expected = std::string(what)});
}

}  // namespace

absl::StatusOr<ActivationRange> EstimateRange(const ValueStatistics& statistics,
                                              const RangeEstimator& estimator,
                                              bool symmetric) {
  if (statistics.range.empty()) return Lacking("a finite element");
  const auto wants = [&](RangeAggregator aggregator) {
    return estimator.min == aggregator || estimator.max == aggregator;
  };
  const bool wants_samples =
      !estimator.histogram_mse &&
      (wants(RangeAggregator::kMean) || wants(RangeAggregator::kMedian));
  const bool wants_histogram =
      estimator.histogram_mse || wants(RangeAggregator::kQuantile);
  if (wants_samples && statistics.samples.empty()) {
    return Lacking("the extremes of every sample");
  }
  if (wants_histogram && statistics.histogram.empty()) {
    return Lacking("a histogram");
  }
  if (estimator.histogram_mse) {
    return LeastErrorRange(statistics.histogram, statistics.range.min,
                           statistics.range.max, symmetric);
  }
  const auto [lows, highs] = SampleExtremes(statistics, symmetric);
  ActivationRange range;
  range.symmetric = symmetric;
  switch (estimator.min) {
    case RangeAggregator::kMean:
      range.low = Mean(lows);
      break;
    case RangeAggregator::kExtreme:
      range.low = statistics.range.min;
      break;
    case RangeAggregator::kMedian:
      range.low = Median(lows);
      break;
    case RangeAggregator::kQuantile:
      range.low = static_cast<float>(std::max<double>(
          statistics.range.min,
          statistics.histogram.Quantile(estimator.min_quantile_outlier_prob)));
      break;
  }
  switch (estimator.max) {
    case RangeAggregator::kMean:
      range.high = Mean(highs);
      break;
    case RangeAggregator::kExtreme:
      range.high =
          symmetric ? statistics.range.abs_max() : statistics.range.max;
      break;
    case RangeAggregator::kMedian:
      range.high = Median(highs);
      break;
    case RangeAggregator::kQuantile: {
      const double cut = estimator.max_quantile_outlier_prob;
      range.high = static_cast<float>(std::min<double>(
          statistics.range.max, statistics.histogram.Quantile(1 - cut)));
      if (symmetric) {
        range.high = std::max(
            range.high,
            static_cast<float>(-std::max<double>(
                statistics.range.min, statistics.histogram.Quantile(cut))));
      }
      break;
    }
  }
  return range;
}

}  // namespace hone
