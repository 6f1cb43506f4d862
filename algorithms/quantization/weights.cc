#include "algorithms/quantization/weights.h"

#include <algorithm>
#include <cmath>

#include "algorithms/quantization/ranges.h"

namespace hone {
namespace {

constexpr double kGreatestBias = 1 << 30;

}  // namespace

QuantizedWeight QuantizeWeight(const Tensor& weight, std::optional<int> axis,
                               bool half_range, absl::Span<const float> bias,
                               float input_scale) {
  const Tensor aligned = weight.Aligned();
  const absl::Span<const float> w = aligned.Values<float>();
  // Element (o, c, i) of [outer, channels, inner] belongs to channel c.
  int64_t channels = 1, inner = weight.size();
  if (axis.has_value()) {
    channels = weight.dims()[*axis];
    inner = 1;
    for (int a = *axis + 1; a < weight.rank(); ++a) inner *= weight.dims()[a];
  }
  const int64_t outer = weight.size() / std::max<int64_t>(1, channels * inner);
  std::vector<float> abs_max(channels, 0);
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t c = 0; c < channels; ++c) {
      const float* x = w.data() + (o * channels + c) * inner;
      float m = abs_max[c];
      for (int64_t i = 0; i < inner; ++i) {
        const float v = std::fabs(x[i]);
        m = v > m ? v : m;
      }
      abs_max[c] = m;
    }
  }
  QuantizedWeight result;
  result.scales = WeightScales(abs_max, half_range);
  for (size_t c = 0; c < bias.size(); ++c) {
    float& scale = result.scales[channels == 1 ? 0 : c];
    const double least =
        std::fabs(bias[c]) / (kGreatestBias * static_cast<double>(input_scale));
    if (scale < least) scale = static_cast<float>(least);
  }
  std::vector<int8_t> q(weight.size());
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t begin = (o * channels + c) * inner;
      const float scale = result.scales[c];
      for (int64_t i = begin; i < begin + inner; ++i) {
        const float level = std::nearbyint(w[i] / scale);
        q[i] = std::isnan(level)
                   ? 0
                   : static_cast<int8_t>(std::clamp(level, -127.f, 127.f));
      }
    }
  }
  result.values =
      Tensor::FromVector<int8_t>(weight.dims(), absl::MakeConstSpan(q));
  return result;
}

QuantizedBias QuantizeBias(absl::Span<const float> bias, float input_scale,
                           absl::Span<const float> weight_scales) {
  const bool per_channel = weight_scales.size() > 1 || bias.size() == 1;
  std::vector<int32_t> q;
  std::vector<float> scales;
  for (size_t c = 0; c < bias.size(); ++c) {
    const float scale =
        input_scale * weight_scales[weight_scales.size() > 1 ? c : 0];
    if (c == 0 || per_channel) scales.push_back(scale);
    const double level = std::nearbyint(static_cast<double>(bias[c]) /
                                        static_cast<double>(scale));
    q.push_back(std::isnan(level) ? 0
                                  : static_cast<int32_t>(std::clamp(
                                        level, -2147483647.0, 2147483647.0)));
  }
  QuantizedBias result;
  const int64_t n = static_cast<int64_t>(bias.size());
  result.values = Tensor::FromVector<int32_t>({n}, absl::MakeConstSpan(q));
  result.scales =
      per_channel ? Tensor::FromVector<float>({n}, absl::MakeConstSpan(scales))
                  : Tensor::Scalar<float>(scales[0]);
  return result;
}

}  // namespace hone
