#include "algorithms/quantization/post_training_options.h"

#include "absl/strings/str_cat.h"
#include "algorithms/quantization/pattern.h"
#include "ir/error/error.h"

namespace hone {
namespace {

absl::Status CheckProbability(const char* name, double value) {
  if (value > 0 && value < 0.5) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat(name, " is out of range"),
      {.expected = "above 0 and below 0.5", .found = absl::StrCat(value)});
}

}  // namespace

absl::Status ValidateOptions(const PostTrainingOptions& options) {
  if (options.subset_size == 0) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "subset_size is out of range",
                     {.expected = "at least 1", .found = "0"});
  }
  const RangeEstimator& estimator = options.activations_range_estimator;
  HONE_RETURN_IF_ERROR(CheckProbability("min_quantile_outlier_prob",
                                        estimator.min_quantile_outlier_prob));
  HONE_RETURN_IF_ERROR(CheckProbability("max_quantile_outlier_prob",
                                        estimator.max_quantile_outlier_prob));
  for (const std::string& pattern : options.ignored_scope.patterns) {
    HONE_RETURN_IF_ERROR(Pattern::Of(pattern).status());
  }
  return absl::OkStatus();
}

}  // namespace hone
