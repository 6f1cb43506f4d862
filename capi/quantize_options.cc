#include "capi/quantize_options.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "algorithms/bias_correction/method.h"
#include "capi/error.h"
#include "capi/options.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

template <typename E>
struct Word {
  absl::string_view text;
  E value;
};

// The enumerator of an option whose text the table has checked.
template <typename E, size_t n>
E Choose(const hone_options* options, absl::string_view key,
         const Word<E> (&words)[n]) {
  const std::string text = GetString(options, key);
  for (const Word<E>& word : words) {
    if (word.text == text) return word.value;
  }
  return words[0].value;
}

constexpr Word<QuantizationPreset> kPresets[] = {
    {"default", QuantizationPreset::kDefault},
    {"performance", QuantizationPreset::kPerformance},
    {"mixed", QuantizationPreset::kMixed}};
constexpr Word<TargetDevice> kDevices[] = {{"any", TargetDevice::kAny},
                                           {"cpu", TargetDevice::kCpu},
                                           {"gpu", TargetDevice::kGpu},
                                           {"npu", TargetDevice::kNpu},
                                           {"cpu_spr", TargetDevice::kCpuSpr}};
constexpr Word<TargetRuntime> kRuntimes[] = {
    {"onnxruntime", TargetRuntime::kOnnxRuntime},
    {"openvino", TargetRuntime::kOpenVino},
    {"tensorrt", TargetRuntime::kTensorRt}};
constexpr Word<OverflowFix> kOverflowFixes[] = {
    {"first_layer", OverflowFix::kFirstLayer},
    {"disable", OverflowFix::kDisable},
    {"enable", OverflowFix::kEnable}};
constexpr Word<BiasCorrection> kBiasCorrections[] = {
    {"none", BiasCorrection::kNone},
    {"fast", BiasCorrection::kFast},
    {"full", BiasCorrection::kFull}};
constexpr Word<RangeAggregator> kAggregators[] = {
    {"mean_min_max", RangeAggregator::kMean},
    {"min_max", RangeAggregator::kExtreme},
    {"median", RangeAggregator::kMedian},
    {"quantile", RangeAggregator::kQuantile}};

}  // namespace

absl::StatusOr<PostTrainingOptions> QuantizeOptions(
    const hone_options* options) {
  HONE_RETURN_IF_ERROR(CheckVerb(options, "quantize"));
  PostTrainingOptions out;
  out.preset = Choose(options, "preset", kPresets);
  out.target_device = Choose(options, "target_device", kDevices);
  out.runtime = Choose(options, "runtime", kRuntimes);
  out.subset_size = static_cast<uint64_t>(GetInt(options, "subset_size"));
  out.seed = static_cast<uint64_t>(GetInt(options, "seed"));
  out.ignored_scope.names = GetList(options, "ignored_names");
  out.ignored_scope.types = GetList(options, "ignored_types");
  out.ignored_scope.patterns = GetList(options, "ignored_patterns");
  out.ignored_scope.validate = GetBool(options, "ignored_validate");
  out.quantize_outputs = GetBool(options, "quantize_outputs");
  out.per_channel = GetBool(options, "per_channel");
  out.overflow_fix = Choose(options, "overflow_fix", kOverflowFixes);
  out.bias_correction = Choose(options, "bias_correction", kBiasCorrections);
  RangeEstimator& estimator = out.activations_range_estimator;
  estimator.histogram_mse =
      GetString(options, "activations_range_estimator") == "mse";
  estimator.min = estimator.max =
      Choose(options, "activations_range_estimator", kAggregators);
  estimator.min_quantile_outlier_prob = estimator.max_quantile_outlier_prob =
      GetFloat(options, "quantile_outlier_prob");
  HONE_RETURN_IF_ERROR(
      WithCode(ValidateOptions(out), HONE_ERROR_INVALID_ARGUMENT));
  return out;
}

}  // namespace hone::capi
