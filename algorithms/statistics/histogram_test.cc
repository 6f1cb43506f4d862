#include "algorithms/statistics/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

void AddAll(const std::vector<float>& values, Histogram* histogram) {
  float least = std::numeric_limits<float>::infinity(), greatest = -least;
  for (const float v : values) {
    if (!std::isfinite(v)) continue;
    least = std::min(least, v);
    greatest = std::max(greatest, v);
  }
  histogram->Add(values, least, greatest);
}

TEST(HistogramTest, KnownBins) {
  Histogram histogram;
  AddAll({0.f, 0.5f, 1.5f, -0.25f, 1023.f}, &histogram);
  EXPECT_EQ(histogram.bin_width(), 1.0);
  EXPECT_EQ(histogram.counts()[1024], 2u);  // 0 and 0.5
  EXPECT_EQ(histogram.counts()[1025], 1u);
  EXPECT_EQ(histogram.counts()[1023], 1u);
  EXPECT_EQ(histogram.counts()[2047], 1u);
  EXPECT_EQ(histogram.total(), 5u);
}

TEST(HistogramTest, EndsOfTheRange) {
  Histogram up;
  AddAll({1024.f}, &up);  // just outside bins of width 1
  EXPECT_EQ(up.bin_width(), 2.0);
  EXPECT_EQ(up.counts()[1024 + 512], 1u);
  Histogram down;
  AddAll({-1024.f}, &down);  // the first bin's start
  EXPECT_EQ(down.bin_width(), 1.0);
  EXPECT_EQ(down.counts()[0], 1u);
}

TEST(HistogramTest, NanAndInfAreLeftOut) {
  Histogram histogram;
  AddAll({1.f, std::nanf(""), std::numeric_limits<float>::infinity()},
         &histogram);
  EXPECT_EQ(histogram.total(), 1u);
}

TEST(HistogramTest, TinyNegativeStaysNegativeInWideBins) {
  Histogram histogram;
  AddAll({-1e-45f, 1e38f}, &histogram);
  EXPECT_EQ(histogram.counts()[1023], 1u);
}

TEST(HistogramTest, MergeIsExactAndOrderIndependent) {
  std::mt19937 random(3);
  std::vector<std::vector<float>> parts;
  for (const float scale : {1e-3f, 1.f, 250.f, 3e4f}) {
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> part(1000);
    for (float& v : part) v = normal(random);
    parts.push_back(part);
  }
  std::vector<float> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  Histogram whole;
  AddAll(all, &whole);
  std::vector<int> order = {0, 1, 2, 3};
  do {
    Histogram merged, grown;
    for (const int i : order) {
      Histogram shard;
      AddAll(parts[i], &shard);
      merged.Merge(shard);
      AddAll(parts[i], &grown);
    }
    EXPECT_TRUE(merged == whole);
    EXPECT_TRUE(grown == whole);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(HistogramTest, Quantiles) {
  Histogram histogram;
  std::vector<float> values(1000);
  for (int i = 0; i < 1000; ++i) values[i] = static_cast<float>(i) / 1000;
  AddAll(values, &histogram);
  EXPECT_NEAR(histogram.Quantile(0.5), 0.5, histogram.bin_width());
  EXPECT_NEAR(histogram.Quantile(0.99), 0.99, histogram.bin_width());
  EXPECT_NEAR(histogram.Quantile(1), 0.999, histogram.bin_width());
}

}  // namespace
}  // namespace hone
