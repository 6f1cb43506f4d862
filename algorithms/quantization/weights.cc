#include "algorithms/quantization/weights.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "algorithms/quantization/ranges.h"
#include "ir/error/error.h"

namespace hone {
namespace {

constexpr double kGreatestBias = 1 << 30;

}  // namespace

absl::StatusOr<QuantizedWeight> QuantizeWeight(
    const Tensor& weight, std::optional<int> axis, bool half_range,
    absl::Span<const float> bias, float input_scale, Device& device) {
  const Tensor aligned = weight.Aligned();
  ChannelView view;
  view.data = aligned.Values<float>().data();
  view.inner = weight.size();
  if (axis.has_value()) {
    const Dims& dims = weight.dims();
    view.channels = dims[*axis];
    view.inner = 1;
    for (int a = *axis + 1; a < weight.rank(); ++a) view.inner *= dims[a];
    view.outer = weight.size() / (view.channels * view.inner);
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<FloatRange> ranges,
                        device.RangePerChannel(view));
  std::vector<float> abs_max;
  for (const FloatRange& range : ranges) {
    abs_max.push_back(range.empty() ? 0.f : range.AbsMax());
  }
  QuantizedWeight result;
  result.scales = WeightScales(abs_max, half_range);
  for (size_t c = 0; c < bias.size(); ++c) {
    float& scale = result.scales[view.channels == 1 ? 0 : c];
    const double least =
        std::fabs(bias[c]) / (kGreatestBias * static_cast<double>(input_scale));
    if (scale < least) scale = static_cast<float>(least);
  }
  absl::Span<std::byte> q;
  HONE_ASSIGN_OR_RETURN(result.values,
                        Tensor::Allocate(DType::kS8, weight.dims(), &q));
  // No magnitude passes 127 times its channel's scale, so -128 never occurs.
  const std::vector<int32_t> zero_points(result.scales.size(), 0);
  HONE_RETURN_IF_ERROR(
      device.Quantize(view, result.scales, zero_points, DType::kS8, q.data()));
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
