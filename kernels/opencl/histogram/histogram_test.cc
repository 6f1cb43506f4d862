#include "kernels/opencl/histogram/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/histogram/histogram.h"
#include "kernels/cpu/histogram/histogram_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

void Expect(const std::vector<float>& x, int exponent) {
  SCOPED_TRACE(testing::Message() << x.size() << " at " << exponent);
  std::vector<uint64_t> expected(kHistogramBins, 3), found(kHistogramBins, 3);
  const uint64_t left_out =
      CountBinsRef(x.data(), x.size(), exponent, expected.data());
  const auto count =
      CountBins(*TestContext(), OnDevice(x), static_cast<int64_t>(x.size()),
                exponent, found.data());
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, left_out);
  EXPECT_EQ(found, expected);
}

TEST(HistogramTest, CountsAreEqualAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const size_t n : {1, 127, 128, 129, 1000, 32768, 32769, 80000}) {
    Expect(TestFloats(n, 1, -2, 3), HistogramExponent(-2, 3));
  }
}

TEST(HistogramTest, EdgesZerosAndWhatIsNotFinite) {
  HONE_REQUIRE_OPENCL();
  const float tiny = std::numeric_limits<float>::denorm_min();
  const std::vector<float> x = {0,    -0.0f,     tiny,  -tiny,  1,
                                -1,   1023,      -1024, NAN,    INFINITY,
                                0.5f, -INFINITY, -0.5,  1022.9f};
  Expect(x, 0);
  Expect(x, 10);  // products below the least normal number
  Expect(x, 100);
  Expect({tiny, -tiny, 0x1p-61f, -0x1p-61f, 0x1p-51f}, -60);
}

}  // namespace
}  // namespace hone::opencl
