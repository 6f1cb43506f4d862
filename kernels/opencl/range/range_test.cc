#include "kernels/opencl/range/range.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/minmax/minmax_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

std::vector<FloatRange> Definition(const std::vector<float>& x, int64_t outer,
                                   int64_t channels, int64_t inner) {
  std::vector<FloatRange> ranges;
  for (int64_t c = 0; c < channels; ++c) {
    std::vector<float> channel;
    for (int64_t o = 0; o < outer; ++o) {
      const auto from = x.begin() + (o * channels + c) * inner;
      channel.insert(channel.end(), from, from + inner);
    }
    ranges.push_back(RangeOfRef(channel.data(), channel.size()));
  }
  return ranges;
}

void Expect(const std::vector<float>& x, int64_t outer, int64_t channels,
            int64_t inner) {
  SCOPED_TRACE(testing::Message()
               << outer << " x " << channels << " x " << inner);
  const auto found =
      RangesOf(*TestContext(), OnDevice(x), outer, channels, inner);
  ASSERT_TRUE(found.ok()) << found.status();
  const std::vector<FloatRange> expected =
      Definition(x, outer, channels, inner);
  double size = 0;
  for (const float value : x) size += std::isfinite(value) ? fabs(value) : 0;
  for (size_t c = 0; c < expected.size(); ++c) {
    EXPECT_EQ((*found)[c].min, expected[c].min);
    EXPECT_EQ((*found)[c].max, expected[c].max);
    EXPECT_NEAR((*found)[c].sum, expected[c].sum, 64 * 0x1p-24 * size);
    EXPECT_EQ((*found)[c].nan_count, expected[c].nan_count);
    EXPECT_EQ((*found)[c].inf_count, expected[c].inf_count);
  }
}

TEST(RangeTest, EqualsTheDefinitionAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const int64_t n :
       {1, 2, 63, 64, 65, 127, 128, 129, 1000, 16384, 16385, 70001}) {
    Expect(TestFloats(n, 1, -3, 5), 1, 1, n);
  }
}

TEST(RangeTest, EqualsTheDefinitionOfEachChannel) {
  HONE_REQUIRE_OPENCL();
  Expect(TestFloats(3 * 5 * 7, 2), 3, 5, 7);
  Expect(TestFloats(2 * 3 * 200, 3), 2, 3, 200);
  Expect(TestFloats(200 * 130, 4), 200, 130, 1);
  Expect(TestFloats(129 * 3, 5), 1, 129, 3);
}

TEST(RangeTest, LeavesOutWhatIsNotFinite) {
  HONE_REQUIRE_OPENCL();
  std::vector<float> x = TestFloats(300, 6);
  x[0] = NAN;
  x[100] = INFINITY;
  x[299] = -INFINITY;
  Expect(x, 1, 1, 300);
  Expect(x, 1, 100, 3);
  Expect({NAN, INFINITY}, 1, 1, 2);
}

TEST(RangeTest, HasTheSameBitsTwice) {
  HONE_REQUIRE_OPENCL();
  const BufferPtr x = OnDevice(TestFloats(50000, 7, -100, 100));
  const auto first = RangesOf(*TestContext(), x, 1, 1, 50000);
  const auto second = RangesOf(*TestContext(), x, 1, 1, 50000);
  EXPECT_EQ((*first)[0].sum, (*second)[0].sum);
}

TEST(RangeTest, NothingIsAnEmptyRange) {
  HONE_REQUIRE_OPENCL();
  const auto found = RangesOf(*TestContext(), Room(0), 0, 2, 5);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_GT((*found)[0].min, (*found)[0].max);
}

}  // namespace
}  // namespace hone::opencl
