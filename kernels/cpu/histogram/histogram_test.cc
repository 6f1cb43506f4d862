#include "kernels/cpu/histogram/histogram.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/histogram/histogram_ref.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

TEST(CountBins, EqualsTheDefinitionOnEveryTargetAndTail) {
  std::vector<float> x(3000);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i * 7919 % 4001) * 0.01f - 20;
  }
  x[5] = std::nanf("");
  x[2000] = std::numeric_limits<float>::infinity();
  const int exponent = HistogramExponent(-20.0f, 20.01f);
  ForEachTarget([&] {
    for (size_t n = 0; n <= x.size(); n = n < 70 ? n + 1 : n + 293) {
      std::vector<uint64_t> got(kHistogramBins, 3), want(kHistogramBins, 3);
      EXPECT_EQ(CountBins(x.data(), n, exponent, got.data()),
                CountBinsRef(x.data(), n, exponent, want.data()));
      ASSERT_EQ(got, want) << n;
    }
  });
}

TEST(CountBins, EdgesBelongToTheUpperBin) {
  const std::vector<float> x = {0.0f,     -0.0f, 1.0f,    -1.0f,  1023.0f,
                                -1024.0f, 0.99f, -1e-45f, -1e-38f};
  ForEachTarget([&] {
    std::vector<uint64_t> counts(kHistogramBins, 0);
    EXPECT_EQ(CountBins(x.data(), x.size(), 0, counts.data()), 0u);
    EXPECT_EQ(counts[1024], 3u);
    EXPECT_EQ(counts[1025], 1u);
    EXPECT_EQ(counts[1023], 3u);
    EXPECT_EQ(counts[2047], 1u);
    EXPECT_EQ(counts[0], 1u);
    // So small a quotient is no float any more.
    std::vector<uint64_t> wide(kHistogramBins, 0);
    CountBins(x.data(), x.size(), 100, wide.data());
    EXPECT_EQ(wide[1023], 4u);
    EXPECT_EQ(wide[1024], 5u);
  });
}

TEST(HistogramExponent, CoversTheRangeAndNoMore) {
  EXPECT_EQ(HistogramExponent(0, 0), -60);
  EXPECT_EQ(HistogramExponent(0, 1e-30f), -60);
  EXPECT_EQ(HistogramExponent(0, 1023.99f), 0);
  EXPECT_EQ(HistogramExponent(0, 1024), 1);
  EXPECT_EQ(HistogramExponent(-1024, 1), 0);
  EXPECT_EQ(HistogramExponent(-1024.5f, 1), 1);
  EXPECT_EQ(HistogramExponent(0, 1), -9);
  EXPECT_EQ(HistogramExponent(-3e38f, 3e38f), 118);
}

}  // namespace
}  // namespace hone
