#include "kernels/cpu/random/random.h"

#include "gtest/gtest.h"

namespace hone {
namespace {

// numpy.random.RandomState(0).random_sample(2) and (42).
TEST(RandomNumbers, AreNumPys) {
  RandomNumbers zero(0);
  EXPECT_DOUBLE_EQ(zero.Uniform(), 0.5488135039273248);
  EXPECT_DOUBLE_EQ(zero.Uniform(), 0.7151893663724195);
  RandomNumbers other(42);
  EXPECT_DOUBLE_EQ(other.Uniform(), 0.3745401188473625);
}

// numpy.random.RandomState(0).standard_normal(2).
TEST(RandomNumbers, NormalIsNumPys) {
  RandomNumbers zero(0);
  EXPECT_NEAR(zero.Normal(), 1.764052345967664, 1e-12);
  EXPECT_NEAR(zero.Normal(), 0.4001572083672233, 1e-12);
}

TEST(RandomNumbers, HaveTheirMoments) {
  RandomNumbers random(3);
  double sum = 0, square = 0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.Normal();
    sum += x;
    square += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.02);
  EXPECT_NEAR(square / kCount, 1, 0.02);
}

}  // namespace
}  // namespace hone
