#include "algorithms/quantization/ranges.h"

#include <vector>

#include "algorithms/quantization/range_estimate.h"
#include "algorithms/statistics/collector.h"
#include "algorithms/statistics/request.h"
#include "gtest/gtest.h"

namespace hone {
namespace {

TEST(RangesTest, SymmetricSigned) {
  const ActivationParams p = ParamsOf({-1.f, 2.54f, true}, false);
  EXPECT_FLOAT_EQ(p.scale, 0.02f);
  EXPECT_EQ(p.zero_point, 128);
}

TEST(RangesTest, SymmetricUnsigned) {
  const ActivationParams p = ParamsOf({0.f, 5.1f, true}, false);
  EXPECT_FLOAT_EQ(p.scale, 0.02f);
  EXPECT_EQ(p.zero_point, 0);
}

TEST(RangesTest, AsymmetricMovesOneEndSoThatZeroIsALevel) {
  const ActivationParams p = ParamsOf({-1.f, 1.55f, false}, false);
  EXPECT_FLOAT_EQ(p.scale, 0.01f);
  EXPECT_EQ(p.zero_point, 100);
  // -1 / (2 / 255) = -127.5: half to even gives 128 levels below zero, so the
  // upper end stays and the lower one moves out.
  const ActivationParams half = ParamsOf({-1.f, 1.f, false}, false);
  EXPECT_EQ(half.zero_point, 128);
  EXPECT_FLOAT_EQ(half.scale, (1.f + 128.f / 127.f) / 255.f);
}

TEST(RangesTest, AsymmetricContainsZero) {
  EXPECT_EQ(ParamsOf({2.f, 5.1f, false}, false).zero_point, 0);
  EXPECT_FLOAT_EQ(ParamsOf({2.f, 5.1f, false}, false).scale, 0.02f);
  EXPECT_EQ(ParamsOf({-5.1f, -2.f, false}, false).zero_point, 255);
}

TEST(RangesTest, NothingButZeros) {
  EXPECT_GT(ParamsOf({0.f, 0.f, true}, false).scale, 0.f);
  EXPECT_GT(ParamsOf({0.f, 0.f, false}, false).scale, 0.f);
  EXPECT_EQ(ParamsOf({0.f, 0.f, false}, true).zero_point, 0);
}

TEST(RangesTest, Weights) {
  EXPECT_EQ(WeightScales({12.7f, 1.27f}, false),
            (std::vector<float>{25.4f / 254.f, 2.54f / 254.f}));
  // An empty channel takes a hundredth of the greatest one.
  EXPECT_FLOAT_EQ(WeightScales({12.7f, 0.f}, false)[1], 0.001f);
  EXPECT_FLOAT_EQ(WeightScales({12.7f}, true)[0], 0.2f);
}

ValueStatistics Seen(const std::vector<std::vector<float>>& samples) {
  Collector collector(kRangeStats | kSampleRangeStats | kHistogramStats);
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_TRUE(
        collector.Add(i, {static_cast<int64_t>(samples[i].size())}, samples[i])
            .ok());
  }
  return collector.Take();
}

TEST(RangeEstimateTest, MeansOfExtremes) {
  const ValueStatistics s = Seen({{-3.f, 1.f}, {-1.f, 2.f}, {0.f, 6.f}});
  const auto symmetric = EstimateRange(s, RangeEstimator(), true);
  ASSERT_TRUE(symmetric.ok());
  EXPECT_FLOAT_EQ(symmetric->low, -4.f / 3);
  EXPECT_FLOAT_EQ(symmetric->high, 11.f / 3);  // magnitudes 3, 2, 6
  const auto asymmetric = EstimateRange(s, RangeEstimator(), false);
  EXPECT_FLOAT_EQ(asymmetric->high, 3.f);
}

TEST(RangeEstimateTest, OtherAggregators) {
  const ValueStatistics s = Seen({{-3.f, 1.f}, {-1.f, 2.f}, {0.f, 6.f}});
  RangeEstimator estimator;
  estimator.min = RangeAggregator::kExtreme;
  estimator.max = RangeAggregator::kMedian;
  const auto range = EstimateRange(s, estimator, false);
  ASSERT_TRUE(range.ok());
  EXPECT_EQ(range->low, -3.f);
  EXPECT_EQ(range->high, 2.f);
}

TEST(RangeEstimateTest, QuantilesCutOutliers) {
  std::vector<float> x(10000, 0.5f);
  for (int i = 0; i < 5000; ++i) x[i] = -0.5f;
  x[17] = 1000.f;
  RangeEstimator estimator;
  estimator.min = estimator.max = RangeAggregator::kQuantile;
  estimator.max_quantile_outlier_prob = 1e-3;
  const auto range = EstimateRange(Seen({x}), estimator, false);
  ASSERT_TRUE(range.ok());
  EXPECT_LT(range->high, 2.f);
  EXPECT_EQ(range->low, -0.5f);
}

TEST(RangeEstimateTest, LeastErrorKeepsATightRangeAndCutsAnOutlier) {
  std::vector<float> x(20000);
  for (int i = 0; i < 20000; ++i) {
    x[i] = static_cast<float>(i % 200 - 100) / 100;
  }
  RangeEstimator estimator;
  estimator.histogram_mse = true;
  const auto tight = EstimateRange(Seen({x}), estimator, true);
  ASSERT_TRUE(tight.ok());
  EXPECT_NEAR(tight->high, 1.f, 0.03f);
  x[3] = 20.f;
  const auto cut = EstimateRange(Seen({x}), estimator, true);
  EXPECT_LT(cut->high, 20.f);
  const auto cut_high = EstimateRange(Seen({x}), estimator, false);
  EXPECT_LT(cut_high->high, 20.f);
  EXPECT_LE(cut_high->low, -0.9f);
}

TEST(RangeEstimateTest, MissingKindsAreErrors) {
  Collector collector(kRangeStats);
  ASSERT_TRUE(collector.Add(0, {1}, {1.f}).ok());
  const ValueStatistics s = collector.Take();
  EXPECT_EQ(EstimateRange(s, RangeEstimator(), true).status().code(),
            absl::StatusCode::kNotFound);
  RangeEstimator mse;
  mse.histogram_mse = true;
  EXPECT_EQ(EstimateRange(s, mse, true).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace hone
