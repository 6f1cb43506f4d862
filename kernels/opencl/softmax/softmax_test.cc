#include "kernels/opencl/softmax/softmax.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/softmax/softmax_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

void Expect(std::vector<float> x, int64_t outer, int64_t extent, int64_t inner,
            bool log) {
  SCOPED_TRACE(testing::Message()
               << outer << " x " << extent << " x " << inner << " " << log);
  std::vector<float> expected(x.size());
  SoftmaxRef(x.data(), {outer, extent, inner}, log, expected.data());
  const BufferPtr y = Room(x.size());
  const absl::Status status =
      Softmax(*TestContext(), OnDevice(x), outer, extent, inner, log, y);
  ASSERT_TRUE(status.ok()) << status;
  const std::vector<float> found = FloatsOf(y);
  const double bound = 16 * 0x1p-23 + static_cast<double>(extent) * 0x1p-24;
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(found[i]));
    } else {
      ASSERT_NEAR(found[i], expected[i],
                  bound * std::fabs(expected[i]) + (log ? 4e-6 : 1e-12));
    }
  }
}

TEST(SoftmaxTest, EqualsTheDefinitionAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const bool log : {false, true}) {
    for (const int64_t extent : {1, 2, 127, 128, 129, 300}) {
      Expect(TestFloats(3 * extent, 1, -9, 9), 3, extent, 1, log);
    }
    Expect(TestFloats(2 * 11 * 7, 2, -9, 9), 2, 11, 7, log);
  }
}

TEST(SoftmaxTest, LargeNumbersAndMasks) {
  HONE_REQUIRE_OPENCL();
  Expect({1e30f, 0, -1e30f, -INFINITY}, 1, 4, 1, false);
  Expect({-INFINITY, 2, 3, -INFINITY}, 1, 4, 1, false);
  Expect({NAN, 1, 2}, 1, 3, 1, false);
  Expect({}, 0, 5, 1, false);
}

}  // namespace
}  // namespace hone::opencl
