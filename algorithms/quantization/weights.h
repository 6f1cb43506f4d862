// Constants as integers: weights to int8, biases to int32.
#ifndef HONE_ALGORITHMS_QUANTIZATION_WEIGHTS_H_
#define HONE_ALGORITHMS_QUANTIZATION_WEIGHTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/device.h"

namespace hone {

struct QuantizedWeight {
  Tensor values;  // int8, the weight's extents
  // One per index of the channel axis; one in all when there is no axis.
  std::vector<float> scales;
};

// q = clamp(round_half_even(w / scale), -127, 127), scales by WeightScales,
// computed by `device`.
// `axis`: the channels'; nullopt for one scale in all.
// `bias` (one element per channel, or empty) with `input_scale`: a channel's
// scale is raised where its bias / (input_scale * scale) would pass 2^30, so
// that the int32 accumulator cannot overflow. Requires a float32 weight with
// finite elements. The device's errors.
absl::StatusOr<QuantizedWeight> QuantizeWeight(
    const Tensor& weight, std::optional<int> axis, bool half_range,
    absl::Span<const float> bias, float input_scale, Device& device);

struct QuantizedBias {
  Tensor values;  // int32, [channels]
  Tensor scales;  // float32, [channels]; no axes when the weight has one scale
};

// q = round_half_even(bias / scale), scale[c] = input_scale * weight_scale[c]
// in float32.
QuantizedBias QuantizeBias(absl::Span<const float> bias, float input_scale,
                           absl::Span<const float> weight_scales);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_WEIGHTS_H_
