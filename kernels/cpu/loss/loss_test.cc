#include "kernels/cpu/loss/loss.h"

#include <cmath>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

const LossShape kShape = {2, 3, 2};
const std::vector<double> kP = {-1, -2, -3, -4,  -5,  -6,
                                -7, -8, -9, -10, -11, -12};

TEST(LogSoftmax, SumsToOneOverClasses) {
  const std::vector<double> y =
      LogSoftmaxOverClasses({0, 1000, std::log(2), 1000}, {1, 2, 2});
  EXPECT_NEAR(y[0], std::log(1.0 / 3), 1e-12);
  EXPECT_NEAR(y[2], std::log(2.0 / 3), 1e-12);
  EXPECT_NEAR(y[1], std::log(0.5), 1e-12);
}

TEST(NegativeLogLikelihood, PicksTheTargets) {
  EXPECT_EQ(NegativeLogLikelihood(kP, {0, 2, 1, 1}, {}, kShape, std::nullopt,
                                  LossReduction::kNone),
            (std::vector<double>{1, 6, 9, 10}));
  EXPECT_EQ(NegativeLogLikelihood(kP, {0, 2, 1, 1}, {}, kShape, std::nullopt,
                                  LossReduction::kMean),
            (std::vector<double>{6.5}));
}

TEST(NegativeLogLikelihood, MeanIsOfTheWeights) {
  const std::vector<double> weight = {2, 1, 10};
  EXPECT_EQ(NegativeLogLikelihood(kP, {0, -5, 1, 1}, weight, kShape, -5,
                                  LossReduction::kSum),
            (std::vector<double>{21}));
  EXPECT_EQ(NegativeLogLikelihood(kP, {0, -5, 1, 1}, weight, kShape, -5,
                                  LossReduction::kMean),
            (std::vector<double>{21.0 / 4}));
}

}  // namespace
}  // namespace hone
