// Losses of classification, over float64. Scalar: losses are a few numbers a
// sample.
//
// p [n, classes, inner] holds log-probabilities, target [n, inner] the classes.
// With w = weight[target], or 1, and 0 where target is `ignore`:
//   loss = -p[target] * w         none: loss [n, inner]
//   sum: the sum of it, mean: the sum over the sum of w.
// Source: ONNX NegativeLogLikelihoodLoss-13.
#ifndef HONE_KERNELS_CPU_LOSS_LOSS_H_
#define HONE_KERNELS_CPU_LOSS_LOSS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"

namespace hone {

struct LossShape {
  int64_t n = 0;
  int64_t classes = 0;
  int64_t inner = 1;
};

enum class LossReduction { kNone, kSum, kMean };

// y = x - m - log(sum e^(x - m)) over the classes, m their greatest.
std::vector<double> LogSoftmaxOverClasses(absl::Span<const double> x,
                                          const LossShape& shape);

// Requires targets in [0, classes) where they are not `ignore`; `weight` has
// an element a class or none. [n, inner] elements, or one.
std::vector<double> NegativeLogLikelihood(absl::Span<const double> p,
                                          absl::Span<const int64_t> target,
                                          absl::Span<const double> weight,
                                          const LossShape& shape,
                                          std::optional<int64_t> ignore,
                                          LossReduction reduction);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_LOSS_LOSS_H_
