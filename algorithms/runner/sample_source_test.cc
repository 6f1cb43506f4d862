#include "algorithms/runner/sample_source.h"

#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

TEST(SpreadSamplesTest, OneFromEveryStretch) {
  const std::vector<uint64_t> samples = SpreadSamples(60000, 300, 1);
  ASSERT_EQ(samples.size(), 300u);
  for (uint64_t k = 0; k < 300; ++k) {
    EXPECT_GE(samples[k], k * 200);
    EXPECT_LT(samples[k], (k + 1) * 200);
  }
  EXPECT_EQ(samples, SpreadSamples(60000, 300, 1));
  EXPECT_NE(samples, SpreadSamples(60000, 300, 2));
}

TEST(SpreadSamplesTest, AllWhenThereAreFewer) {
  EXPECT_EQ(SpreadSamples(3, 300, 9), (std::vector<uint64_t>{0, 1, 2}));
  EXPECT_TRUE(SpreadSamples(0, 300, 9).empty());
}

}  // namespace
}  // namespace hone
