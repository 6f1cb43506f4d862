#include "kernels/exec/ops/ml/post_transform.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// Winitzki 2008, "A handy approximation for the error function and its
// inverse", with a = 0.147.
double Probit(double score) {
  const double x = 2 * score - 1;
  const double product = (1 - x) * (1 + x);
  if (product == 0) return 0;
  constexpr double kPi = 3.14159265358979323846;
  const double log = std::log(product);
  const double v = 2 / (kPi * 0.147) + 0.5 * log;
  const double inverse = std::sqrt(std::sqrt(v * v - log / 0.147) - v);
  return std::sqrt(2.0) * (x < 0 ? -inverse : inverse);
}

// Zeros stay out of the sum.
void Softmax(bool keep_zeros, std::vector<double>* scores) {
  const double most = *std::max_element(scores->begin(), scores->end());
  double sum = 0;
  for (double& s : *scores) {
    if (keep_zeros && std::abs(s) <= 1e-7) {
      s *= std::exp(-most);
      continue;
    }
    s = std::exp(s - most);
    sum += s;
  }
  for (double& s : *scores) s /= sum;
}

}  // namespace

double Logistic(double x) {
  const double v = 1 / (1 + std::exp(-std::abs(x)));
  return x < 0 ? 1 - v : v;
}

absl::StatusOr<PostTransform> PostTransformOf(const Node& node) {
  static constexpr absl::string_view kNames[] = {"NONE", "SOFTMAX", "LOGISTIC",
                                                 "SOFTMAX_ZERO", "PROBIT"};
  AttributeReader read(node);
  const size_t choice =
      read.Choice("post_transform", "NONE", absl::MakeConstSpan(kNames));
  return read.Finish(static_cast<PostTransform>(choice));
}

void ApplyPostTransform(PostTransform transform, SecondScore second,
                        std::vector<double>* scores) {
  if (transform == PostTransform::kProbit) {
    for (double& s : *scores) s = Probit(s);
    return;
  }
  if (scores->size() == 1) {
    const double s = scores->front();
    if (second == SecondScore::kNone) return;
    if (transform == PostTransform::kLogistic) {
      *scores = {Logistic(-s), Logistic(s)};
    } else {
      *scores = {second == SecondScore::kComplement ? 1 - s : -s, s};
    }
    return;
  }
  if (scores->empty()) return;
  switch (transform) {
    case PostTransform::kLogistic:
      for (double& s : *scores) s = Logistic(s);
      return;
    case PostTransform::kSoftmax:
      return Softmax(false, scores);
    case PostTransform::kSoftmaxZero:
      return Softmax(true, scores);
    default:
      return;
  }
}

}  // namespace hone
