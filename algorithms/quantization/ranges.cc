#include "algorithms/quantization/ranges.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

constexpr float kLeastHigh = 8e-5f;
constexpr float kLeastShare = 0.01f;  // of the greatest channel
constexpr float kLeastWidth = 8e-4f;
constexpr float kLeastScale = 1.1920929e-07f;  // float32's epsilon

}  // namespace

ActivationRange UniteRanges(const ActivationRange& a,
                            const ActivationRange& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high),
          a.symmetric && b.symmetric};
}

ActivationParams ParamsOf(const ActivationRange& range, bool non_negative) {
  ActivationParams params;
  if (range.symmetric) {
    // A single tensor is its own greatest channel.
    const float high =
        std::max(range.high, std::max(range.high * kLeastShare, kLeastHigh));
    if (range.low < 0 && !non_negative) {
      const float low = -high * (256.f / 254.f);
      params.scale = (high - low) / 255.f;
      params.zero_point = 128;
    } else {
      params.scale = high / 255.f;
    }
    params.scale = std::max(params.scale, kLeastScale);
    return params;
  }
  float low = range.low, high = range.high;
  if (!(high - low > kLeastWidth)) {
    low -= kLeastWidth;
    high += kLeastWidth;
  }
  low = non_negative ? 0 : std::min(low, 0.f);
  high = std::max(high, 0.f);
  // The end that leaves the wider range moves so that zero is a level.
  const float level = std::nearbyint(-low * (255.f / (high - low)));
  const float moved_low = level < 255 ? level / (level - 255) * high : low;
  const float moved_high = level > 0 ? (level - 255) / level * low : high;
  if (high - moved_low > moved_high - low) {
    low = moved_low;
  } else {
    high = moved_high;
  }
  params.scale = std::max((high - low) / 255.f, kLeastScale);
  params.zero_point = static_cast<int>(
      std::clamp(-std::nearbyint(low / params.scale), 0.f, 255.f));
  return params;
}

std::vector<float> WeightScales(absl::Span<const float> abs_max,
                                bool half_range) {
  float greatest = 0;
  for (const float m : abs_max) greatest = std::max(greatest, m);
  const float least = std::max(greatest * kLeastShare, kLeastHigh);
  std::vector<float> scales;
  for (const float m : abs_max) {
    float high = std::max(least, m);
    if (half_range) high *= 254.f / 127.f;
    scales.push_back(std::max((high + high) / 254.f, kLeastScale));
  }
  return scales;
}

}  // namespace hone
