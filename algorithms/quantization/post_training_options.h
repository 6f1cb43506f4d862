// Options of post-training quantization, with NNCF's names and defaults.
#ifndef HONE_ALGORITHMS_QUANTIZATION_POST_TRAINING_OPTIONS_H_
#define HONE_ALGORITHMS_QUANTIZATION_POST_TRAINING_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/bias_correction/method.h"

namespace hone {

// kPerformance: symmetric weights and activations, NNCF's default for networks
// that are no transformers. kMixed: symmetric weights, asymmetric activations.
// kDefault: mixed, since ONNX Runtime, OpenVINO and our own kernels take a zero
// point at no cost, and it is worth 3 to 5 dB on PP-OCRv4's networks.
enum class QuantizationPreset { kDefault, kPerformance, kMixed };

// Rules of the hardware. All of these quantize to 8 bits in the same places;
// the CPU variants differ in nothing yet and are recorded.
enum class TargetDevice { kAny, kCpu, kGpu, kNpu, kCpuSpr };

// What quantized operators look like in the file, and where they stand.
enum class TargetRuntime { kOnnxRuntime, kOpenVino, kTensorRt };

// How one end of an activation's range follows from the samples.
//   kMean     mean over samples of the sample's extreme (NNCF's default)
//   kExtreme  the extreme of all samples
//   kMedian   median over samples of the sample's extreme
//   kQuantile the `quantile` of all elements, from the histogram
enum class RangeAggregator { kMean, kExtreme, kMedian, kQuantile };

struct RangeEstimator {
  RangeAggregator min = RangeAggregator::kMean;
  RangeAggregator max = RangeAggregator::kMean;
  // For kQuantile: the tail that is cut off at each end, in (0, 0.5).
  double min_quantile_outlier_prob = 1e-4;
  double max_quantile_outlier_prob = 1e-4;
  // Both ends are chosen to minimise the squared error of quantizing the
  // histogram; min and max above are not used.
  bool histogram_mse = false;
};

// First layer or every layer's weights use half of the int8 range, so that
// u8 x s8 pairs cannot saturate where the CPU lacks VNNI.
enum class OverflowFix { kDisable, kEnable, kFirstLayer };

struct IgnoredScope {
  std::vector<std::string> names;     // node names
  std::vector<std::string> patterns;  // POSIX extended regular expressions
  std::vector<std::string> types;     // operator types
  // Fail with NotFound when a name, pattern or type matches nothing.
  bool validate = true;
};

struct PostTrainingOptions {
  QuantizationPreset preset = QuantizationPreset::kDefault;
  TargetDevice target_device = TargetDevice::kAny;
  TargetRuntime runtime = TargetRuntime::kOnnxRuntime;
  uint64_t subset_size = 300;
  uint64_t seed = 0;  // which samples of a larger set are the subset
  IgnoredScope ignored_scope;
  bool quantize_outputs = false;
  bool per_channel = true;  // of weights
  OverflowFix overflow_fix = OverflowFix::kFirstLayer;
  RangeEstimator activations_range_estimator;
  // NNCF's fast_bias_correction = true is kFast, = false is kFull;
  // disable_bias_correction is kNone.
  BiasCorrection bias_correction = BiasCorrection::kNone;
};

// InvalidArgument: a number out of range, or a pattern that is no regular
// expression.
absl::Status ValidateOptions(const PostTrainingOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_POST_TRAINING_OPTIONS_H_
