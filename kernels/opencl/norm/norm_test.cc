#include "kernels/opencl/norm/norm.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/norm/norm_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

void Expect(int64_t rows, int64_t n, bool centered, bool has_bias) {
  SCOPED_TRACE(testing::Message() << rows << " x " << n << " " << centered);
  constexpr float kEpsilon = 1e-5f;
  const size_t width = static_cast<size_t>(n);
  const std::vector<float> x = TestFloats(rows * n, 1, -3, 5);
  const std::vector<float> scale = TestFloats(width, 2);
  const std::vector<float> bias = TestFloats(width, 3);
  const BufferPtr y = Room(x.size());
  const absl::Status status =
      NormalizeRows(*TestContext(), OnDevice(x), rows, n, kEpsilon, centered,
                    OnDevice(scale), has_bias ? OnDevice(bias) : nullptr, y);
  ASSERT_TRUE(status.ok()) << status;
  const std::vector<float> found = FloatsOf(y);
  for (int64_t r = 0; r < rows; ++r) {
    const float* row = x.data() + r * n;
    Moments moments;
    if (centered) {
      moments = MomentsOfRef(row, width);
    } else {
      moments.variance = MeanSquareOfRef(row, width);
    }
    NormParams params;
    params.mean = moments.mean;
    params.factor = 1 / std::sqrt(moments.variance + kEpsilon);
    params.scale = scale.data();
    params.bias = has_bias ? bias.data() : nullptr;
    params.step = 1;
    std::vector<float> expected(width);
    NormalizeRowRef(row, width, params, expected.data());
    for (size_t i = 0; i < width; ++i) {
      // One element alone is its own mean: the rest is rounding over epsilon.
      ASSERT_NEAR(found[r * n + i], expected[i], 1e-5) << r << ", " << i;
    }
  }
}

TEST(NormTest, EqualsTheDefinitionAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const int64_t n : {1, 2, 127, 128, 129, 384, 1000}) {
    Expect(3, n, true, true);
  }
  Expect(0, 5, true, true);
}

TEST(NormTest, WithoutBiasAndWithoutMean) {
  HONE_REQUIRE_OPENCL();
  Expect(2, 77, true, false);
  Expect(2, 77, false, false);
  Expect(2, 77, false, true);
}

}  // namespace
}  // namespace hone::opencl
