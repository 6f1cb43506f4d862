#include "harness/bench/order_statistics.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace hone::harness {
namespace {

TEST(QuantileTest, IsTheNearestRank) {
  EXPECT_EQ(Quantile({3, 1, 2}, 0.5), 2);
  EXPECT_EQ(Quantile({4, 1, 2, 3}, 0.5), 2.5);
  EXPECT_EQ(Quantile({7}, 0.99), 7);
  std::vector<double> hundred;
  for (int i = 100; i >= 1; --i) hundred.push_back(i);
  EXPECT_EQ(Quantile(hundred, 0.99), 99);
  EXPECT_EQ(Quantile(hundred, 0), 1);
  EXPECT_EQ(Quantile(hundred, 1), 100);
}

// The table of Conover (and of R's qbinom): values cut off at each end.
TEST(CutOffTest, FollowsTheBinomialTable) {
  const std::vector<std::pair<size_t, size_t>> table = {
      {1, 0},  {5, 0},  {6, 0},  {8, 0},    {9, 1},      {12, 2},
      {15, 3}, {20, 5}, {30, 9}, {100, 39}, {1000, 468}, {3000, 1445}};
  for (const auto& [n, cut] : table) EXPECT_EQ(CutOff(n), cut) << n;
}

TEST(MedianIntervalTest, HoldsTheMedianAsOftenAsItSays) {
  uint64_t state = 1;
  const auto uniform = [&state] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 11) * 0x1p-53;
  };
  int held = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> values;
    for (int k = 0; k < 30; ++k) {
      const double x = uniform();
      values.push_back(x * x * x);  // its median is 1/8, far from its mean
    }
    const Interval interval = MedianInterval(values);
    held += interval.low <= 0.125 && interval.high >= 0.125;
  }
  EXPECT_GE(held, 1880);  // 95.7 % is exact for 30
  EXPECT_LE(held, 1950);
}

TEST(MedianIntervalTest, FewValuesGiveTheirRange) {
  const Interval interval = MedianInterval({3, 1, 2});
  EXPECT_EQ(interval.value, 2);
  EXPECT_EQ(interval.low, 1);
  EXPECT_EQ(interval.high, 3);
}

}  // namespace
}  // namespace hone::harness
