#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 13]>\n" + body;
}

TEST(Loss, MeanIgnoresWhatItIsTold) {
  ExpectOutputs(Body(R"(net () => (float32[] y) {
    p = constant float32[3, 2] {-1, -2, -3, -4, -5, -6}
    t = constant int64[3] {0, 1, 7}
    y = NegativeLogLikelihoodLoss<ignore_index = 7>(p, t)
  })"),
                {"float32[] {2.5}"}, 1e-6);
}

TEST(Loss, SoftmaxGivesLogProbabilities) {
  ExpectOutputs(
      Body(R"(net () => (float32[1] y, float32[1, 2] p) {
    x = constant float32[1, 2] {0, 0}
    t = constant int32[1] {1}
    y, p = SoftmaxCrossEntropyLoss<reduction = "none">(x, t)
  })"),
      {"float32[1] {0.6931472}", "float32[1, 2] {-0.6931472, -0.6931472}"},
      1e-6);
}

TEST(Loss, AForeignTarget) {
  ExpectFailure(Body(R"(net () => (float32[] y) {
    p = constant float32[1, 2] {-1, -2}
    t = constant int64[1] {2}
    [nll] y = NegativeLogLikelihoodLoss(p, t)
  })"),
                "nll");
}

}  // namespace
}  // namespace hone
