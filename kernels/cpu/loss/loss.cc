#include "kernels/cpu/loss/loss.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hone {

std::vector<double> LogSoftmaxOverClasses(absl::Span<const double> x,
                                          const LossShape& shape) {
  std::vector<double> y(x.size());
  const auto [n, classes, inner] = shape;
  for (int64_t i = 0; i < n * inner; ++i) {
    const int64_t first = i / inner * classes * inner + i % inner;
    double most = x[static_cast<size_t>(first)];
    for (int64_t c = 1; c < classes; ++c) {
      most = std::max(most, x[static_cast<size_t>(first + c * inner)]);
    }
    double sum = 0;
    for (int64_t c = 0; c < classes; ++c) {
      sum += std::exp(x[static_cast<size_t>(first + c * inner)] - most);
    }
    const double log_sum = std::log(sum);
    for (int64_t c = 0; c < classes; ++c) {
      const auto at = static_cast<size_t>(first + c * inner);
      y[at] = x[at] - most - log_sum;
    }
  }
  return y;
}

std::vector<double> NegativeLogLikelihood(absl::Span<const double> p,
                                          absl::Span<const int64_t> target,
                                          absl::Span<const double> weight,
                                          const LossShape& shape,
                                          std::optional<int64_t> ignore,
                                          LossReduction reduction) {
  const auto [n, classes, inner] = shape;
  std::vector<double> losses(target.size());
  double sum = 0;
  double weights = 0;
  for (int64_t i = 0; i < n * inner; ++i) {
    const int64_t c = target[static_cast<size_t>(i)];
    if (c == ignore) continue;
    const double w = weight.empty() ? 1.0 : weight[static_cast<size_t>(c)];
    const int64_t at = (i / inner * classes + c) * inner + i % inner;
    const double loss = -p[static_cast<size_t>(at)] * w;
    losses[static_cast<size_t>(i)] = loss;
    sum += loss;
    weights += w;
  }
  if (reduction == LossReduction::kNone) return losses;
  return {reduction == LossReduction::kSum ? sum : sum / weights};
}

}  // namespace hone
