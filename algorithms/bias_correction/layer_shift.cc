#include "algorithms/bias_correction/layer_shift.h"

#include <cmath>

#include "absl/strings/str_format.h"

namespace hone {

LayerShift DecideShift(const std::string& output, std::vector<double> fit,
                       const std::vector<double>& held) {
  LayerShift result;
  result.output = output;
  if (fit.empty() || fit.size() != held.size()) {
    result.why = "no mean of its output was measured";
    return result;
  }
  for (size_t c = 0; c < fit.size(); ++c) {
    if (!std::isfinite(fit[c])) {
      result.why = "its mean output error is not finite";
      return result;
    }
    result.before += held[c] * held[c];
    result.after += (held[c] - fit[c]) * (held[c] - fit[c]);
  }
  result.before /= static_cast<double>(fit.size());
  result.after /= static_cast<double>(fit.size());
  if (!(result.after < result.before)) {
    result.why = absl::StrFormat(
        "bias correction undone: on held samples the squared mean error would "
        "go from %.3g to %.3g",
        result.before, result.after);
    return result;
  }
  result.shift.assign(fit.begin(), fit.end());
  return result;
}

std::vector<double> ChannelMeans(const ValueStatistics& statistics) {
  std::vector<double> means;
  for (const RangeStatistics& channel : statistics.channels) {
    means.push_back(channel.mean());
  }
  return means;
}

std::vector<double> Difference(const std::vector<double>& a,
                               const std::vector<double>& b) {
  if (a.size() != b.size()) return {};
  std::vector<double> difference;
  for (size_t i = 0; i < a.size(); ++i) difference.push_back(a[i] - b[i]);
  return difference;
}

}  // namespace hone
