#include "datasets/metrics/interval.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hone::datasets {
namespace {

TEST(IntervalTest, WilsonHasKnownAnswers) {
  const Interval none = Wilson(0, 10);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.2775, 1e-4);
  const Interval all = Wilson(10, 10);
  EXPECT_NEAR(all.low, 0.7225, 1e-4);
  EXPECT_EQ(all.high, 1);
  const Interval half = Wilson(5000, 10000);
  EXPECT_NEAR(half.low, 0.4902, 1e-4);
}

TEST(IntervalTest, RatioOfSums) {
  RatioOfSums mean;
  for (const double x : {1.0, 2.0, 3.0, 4.0}) mean.Add(x, 1);
  EXPECT_DOUBLE_EQ(mean.ratio(), 2.5);
  EXPECT_NEAR(mean.standard_error(), std::sqrt(5.0 / 3 / 4), 1e-12);
  RatioOfSums exact;  // x is always twice y: no spread
  for (const double y : {1.0, 5.0, 9.0}) exact.Add(2 * y, y);
  EXPECT_DOUBLE_EQ(exact.ratio(), 2);
  EXPECT_NEAR(exact.standard_error(), 0, 1e-7);
  RatioOfSums one;
  one.Add(3, 1);
  EXPECT_EQ(one.standard_error(), 0);
}

}  // namespace
}  // namespace hone::datasets
