// An activation's range from its calibration statistics.
#ifndef HONE_ALGORITHMS_QUANTIZATION_RANGE_ESTIMATE_H_
#define HONE_ALGORITHMS_QUANTIZATION_RANGE_ESTIMATE_H_

#include "absl/status/statusor.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/quantization/ranges.h"
#include "algorithms/statistics/value_statistics.h"

namespace hone {

// NotFound: the statistics lack the kind that the estimator needs, or saw no
// finite element.
absl::StatusOr<ActivationRange> EstimateRange(const ValueStatistics& statistics,
                                              const RangeEstimator& estimator,
                                              bool symmetric);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_RANGE_ESTIMATE_H_
