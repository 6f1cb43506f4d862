#include "kernels/cpu/minmax/minmax.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/minmax/minmax_ref.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

std::vector<float> Samples(size_t n) {
  std::vector<float> x(n);
  uint32_t state = 12345;
  for (float& value : x) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(static_cast<int32_t>(state)) * 0x1p-28f;
  }
  return x;
}

void ExpectSame(const FloatRange& a, const FloatRange& b, double tolerance) {
  EXPECT_EQ(a.min, b.min);
  EXPECT_EQ(a.max, b.max);
  EXPECT_EQ(a.nan_count, b.nan_count);
  EXPECT_EQ(a.inf_count, b.inf_count);
  EXPECT_NEAR(a.sum, b.sum, tolerance);
}

TEST(RangeOf, EveryTargetAndTail) {
  const std::vector<float> x = Samples(2100);
  const FloatRange all = RangeOf(x.data(), x.size());
  ForEachTarget([&] {
    for (size_t n = 0; n < 100; ++n) {
      ExpectSame(RangeOf(x.data(), n), RangeOfRef(x.data(), n), 1e-3);
    }
    ExpectSame(RangeOf(x.data(), x.size()), all, 0);
  });
  ExpectSame(all, RangeOfRef(x.data(), x.size()), 64 * 0x1p-24 * 8 * 2100);
}

TEST(RangeOf, LeavesOutWhatIsNotFinite) {
  std::vector<float> x = Samples(100);
  x[3] = std::nanf("");
  x[50] = std::numeric_limits<float>::infinity();
  x[99] = -std::numeric_limits<float>::infinity();
  ForEachTarget([&] {
    const FloatRange range = RangeOf(x.data(), x.size());
    ExpectSame(range, RangeOfRef(x.data(), x.size()), 0);
    EXPECT_EQ(range.nan_count, 1u);
    EXPECT_EQ(range.inf_count, 2u);
    EXPECT_TRUE(std::isfinite(range.max));
  });
}

TEST(RangeOf, EmptyAndAllNan) {
  EXPECT_TRUE(RangeOf(nullptr, 0).empty());
  const std::vector<float> x(40, std::nanf(""));
  EXPECT_TRUE(RangeOf(x.data(), x.size()).empty());
}

TEST(RangeOf, OneValueIsNotEmpty) {
  const float x = -3;
  const FloatRange range = RangeOf(&x, 1);
  EXPECT_FALSE(range.empty());
  EXPECT_EQ(range.min, -3);
  EXPECT_EQ(range.max, -3);
  EXPECT_EQ(range.AbsMax(), 3);
}

TEST(RangeOf, AnyNumberOfThreads) {
  const std::vector<float> x = Samples(200000);
  ThreadPool one(1), three(3);
  const FloatRange a = RangeOf(one, x.data(), x.size());
  const FloatRange b = RangeOf(three, x.data(), x.size());
  ExpectSame(a, b, 0);
  EXPECT_EQ(a.AbsMax(), std::max(-a.min, a.max));
}

TEST(RangePerChannel, MergesTheRowsOfAChannel) {
  ThreadPool pool(2);
  for (const int64_t inner : {1, 3, 16, 49}) {
    const std::vector<float> x = Samples(static_cast<size_t>(3 * 5 * inner));
    std::vector<FloatRange> ranges(5);
    RangePerChannel(pool, x.data(), 3, 5, inner, ranges.data());
    for (int64_t c = 0; c < 5; ++c) {
      std::vector<float> channel;
      for (int64_t o = 0; o < 3; ++o) {
        const float* row = x.data() + (o * 5 + c) * inner;
        channel.insert(channel.end(), row, row + inner);
      }
      ExpectSame(ranges[static_cast<size_t>(c)],
                 RangeOfRef(channel.data(), channel.size()), 1e-3);
    }
  }
}

}  // namespace
}  // namespace hone
