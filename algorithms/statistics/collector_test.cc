#include "algorithms/statistics/collector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "algorithms/statistics/request.h"
#include "gtest/gtest.h"

namespace hone {
namespace {

constexpr uint32_t kAll =
    kRangeStats | kSampleRangeStats | kChannelStats | kHistogramStats;

TEST(CollectorTest, KnownNumbers) {
  Collector collector(kAll);
  // [1, 2, 2]: channel 0 is {1, -2}, channel 1 is {4, 0.5}.
  ASSERT_TRUE(collector.Add(5, {1, 2, 2}, {1.f, -2.f, 4.f, 0.5f}).ok());
  ASSERT_TRUE(collector.Add(2, {1, 2, 2}, {0.f, 0.f, 2.f, -1.f}).ok());
  const ValueStatistics s = collector.Take();
  EXPECT_EQ(s.range.min, -2.f);
  EXPECT_EQ(s.range.max, 4.f);
  EXPECT_EQ(s.range.abs_max(), 4.f);
  EXPECT_EQ(s.range.count, 8u);
  EXPECT_EQ(s.range.mean(), 4.5 / 8);
  ASSERT_EQ(s.samples.size(), 2u);
  EXPECT_EQ(s.samples[0].sample, 2u);  // in ascending order
  EXPECT_EQ(s.MeanOfMinima(), -1.5);
  EXPECT_EQ(s.MeanOfMaxima(), 3.0);
  ASSERT_EQ(s.channels.size(), 2u);
  EXPECT_EQ(s.channels[0].min, -2.f);
  EXPECT_EQ(s.channels[0].mean(), -0.25);
  EXPECT_EQ(s.channels[1].max, 4.f);
  EXPECT_EQ(s.histogram.total(), 8u);
}

TEST(CollectorTest, NanAndInfAreCountedApart) {
  Collector collector(kAll);
  const float nan = std::nanf("");
  const float inf = std::numeric_limits<float>::infinity();
  ASSERT_TRUE(
      collector.Add(0, {1, 2, 3}, {1.f, nan, -inf, 2.f, inf, 3.f}).ok());
  const ValueStatistics s = collector.Take();
  EXPECT_EQ(s.nan_count, 1u);
  EXPECT_EQ(s.inf_count, 2u);
  EXPECT_EQ(s.range.min, 1.f);
  EXPECT_EQ(s.range.max, 3.f);
  EXPECT_EQ(s.range.mean(), 2.0);
  EXPECT_EQ(s.channels[1].count, 2u);
}

TEST(CollectorTest, LongTensorsAgreeWithAPlainLoop) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal(0.3f, 2.f);
  for (const int n : {1, 15, 16, 17, 1023, 1024, 1025, 5000}) {
    std::vector<float> x(n);
    float least = std::numeric_limits<float>::infinity(), greatest = -least;
    double sum = 0;
    for (float& v : x) {
      v = normal(random);
      least = std::min(least, v);
      greatest = std::max(greatest, v);
      sum += v;
    }
    Collector collector(kRangeStats);
    ASSERT_TRUE(collector.Add(0, {n}, x).ok());
    const ValueStatistics s = collector.Take();
    EXPECT_EQ(s.range.min, least);
    EXPECT_EQ(s.range.max, greatest);
    EXPECT_NEAR(s.range.mean(), sum / n, 1e-5);
  }
}

TEST(CollectorTest, ShardsMergeToTheSameNumbers) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, 3.f);
  Collector whole(kAll);
  std::vector<Collector> shards(3, Collector(kAll));
  for (uint64_t sample = 0; sample < 20; ++sample) {
    std::vector<float> x(2 * 4 * 9);
    for (float& v : x) v = normal(random) * static_cast<float>(1 + sample);
    ASSERT_TRUE(whole.Add(sample, {2, 4, 9}, x).ok());
    ASSERT_TRUE(shards[sample % 3].Add(sample, {2, 4, 9}, x).ok());
  }
  const ValueStatistics expected = whole.Take();
  ValueStatistics merged = shards[2].Take();
  ASSERT_TRUE(merged.Merge(shards[0].Take()).ok());
  ASSERT_TRUE(merged.Merge(shards[1].Take()).ok());
  EXPECT_EQ(merged.MeanOfMinima(), expected.MeanOfMinima());
  EXPECT_EQ(merged.range.sum.words(), expected.range.sum.words());
  EXPECT_TRUE(merged.histogram == expected.histogram);
  for (int c = 0; c < 4; ++c) {
    EXPECT_EQ(merged.channels[c].sum.words(), expected.channels[c].sum.words());
    EXPECT_EQ(merged.channels[c].min, expected.channels[c].min);
  }
}

TEST(CollectorTest, ChangedChannelsAndTwiceTheSameSampleAreErrors) {
  Collector collector(kAll);
  ASSERT_TRUE(collector.Add(0, {1, 2}, {1.f, 2.f}).ok());
  EXPECT_EQ(collector.Add(1, {1, 3}, {1.f, 2.f, 3.f}).code(),
            absl::StatusCode::kInvalidArgument);
  Collector other(kAll);
  ASSERT_TRUE(other.Add(0, {1, 2}, {1.f, 2.f}).ok());
  Collector again(kAll);
  ASSERT_TRUE(again.Add(0, {1, 2}, {1.f, 2.f}).ok());
  ValueStatistics a = other.Take();
  EXPECT_EQ(a.Merge(again.Take()).code(), absl::StatusCode::kInvalidArgument);
}

TEST(CollectorTest, LastAxisAsChannels) {
  Collector collector(kLastAxisStats);
  ASSERT_TRUE(collector.Add(0, {1, 2, 3}, {1, 2, 3, 5, 6, 7}).ok());
  ASSERT_TRUE(collector.Add(1, {1, 1, 3}, {0, 0, 2}).ok());
  const ValueStatistics seen = collector.Take();
  ASSERT_EQ(seen.channels.size(), 3u);
  EXPECT_DOUBLE_EQ(seen.channels[0].mean(), 2);
  EXPECT_DOUBLE_EQ(seen.channels[2].mean(), 4);
  EXPECT_EQ(seen.channels[1].max, 6);
  EXPECT_FALSE(collector.Add(2, {1, 2, 2}, {1, 2, 3, 4}).ok() &&
               collector.Add(3, {1, 1, 3}, {0, 0, 2}).ok());
}

}  // namespace
}  // namespace hone
