// From ranges to scales and zero points, by NNCF 3.4's formulas, computed in
// float32 as there.
//
// Symmetric, unsigned (no element below zero): scale = high / 255, zero point
// 0. Symmetric, signed: scale = high / 127; written as uint8 with zero point
// 128. Asymmetric: [low, high] is widened to contain 0 and moved so that 0 is a
// level; scale = (high - low) / 255, zero point = -round(low / scale).
// Weights: scale[c] = max |w[c]| / 127, elements -127 to 127 (narrow range).
// `high` is at least 8e-5; a weight channel's at least a hundredth of the
// greatest channel's, so that an empty channel does not get a tiny scale.
#ifndef HONE_ALGORITHMS_QUANTIZATION_RANGES_H_
#define HONE_ALGORITHMS_QUANTIZATION_RANGES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace hone {

// y = (q - zero_point) * scale with q in [0, 255].
struct ActivationParams {
  float scale = 1;
  int zero_point = 0;
};

// What the estimator says an activation's elements lie between.
struct ActivationRange {
  float low = 0;
  float high = 0;  // symmetric: the greatest magnitude
  bool symmetric = true;
};

// Both ranges in one, for values that share a scale.
ActivationRange UniteRanges(const ActivationRange& a, const ActivationRange& b);

// `non_negative`: a Relu or a Clip from 0 made the value; then the zero point
// is 0 whatever the range says.
ActivationParams ParamsOf(const ActivationRange& range, bool non_negative);

// One scale per channel from the greatest magnitudes of the channels.
// half_range doubles it, so that elements stay within half of int8's range.
std::vector<float> WeightScales(absl::Span<const float> abs_max,
                                bool half_range);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_RANGES_H_
