#include "kernels/opencl/quantize/quantize.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/quantize/quantize_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

template <typename T>
void Expect(int64_t outer, int64_t channels, int64_t inner) {
  constexpr int kBits = 8 * sizeof(T);
  const size_t n = static_cast<size_t>(outer * channels * inner);
  const std::vector<float> x = TestFloats(n, 1, -4, 4);
  std::vector<float> scale;
  std::vector<int32_t> zero_point;
  for (int64_t c = 0; c < channels; ++c) {
    scale.push_back(0.013f * static_cast<float>(c + 1));
    zero_point.push_back(static_cast<int32_t>(3 * c % 100));
  }
  std::vector<T> expected(n), found(n);
  for (int64_t row = 0; row < outer * channels; ++row) {
    const int64_t c = row % channels;
    QuantizeRowRef(x.data() + row * inner, static_cast<size_t>(inner),
                   {&scale[c], &zero_point[c], 0},
                   expected.data() + row * inner);
  }
  const absl::Status status =
      Quantize(*TestContext(), x.data(), outer, channels, inner, scale,
               zero_point, kBits, T(-1) < T(0), found.data());
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(found, expected);
}

TEST(QuantizeTest, EqualsTheDefinition) {
  HONE_REQUIRE_OPENCL();
  Expect<int8_t>(1, 1, 1001);
  Expect<int8_t>(3, 7, 11);
  Expect<uint8_t>(1, 129, 1);
  Expect<int16_t>(2, 5, 33);
  Expect<uint16_t>(1, 3, 400);
}

TEST(QuantizeTest, RoundsHalvesToEvenAndClamps) {
  HONE_REQUIRE_OPENCL();
  const std::vector<float> x = {0.5f, 1.5f, -0.5f, 2.5f, 1e30f, -1e30f, 1000};
  std::vector<int8_t> q(x.size());
  ASSERT_TRUE(Quantize(*TestContext(), x.data(), 1, 1, 7, {1.0f}, {0}, 8, true,
                       q.data())
                  .ok());
  EXPECT_EQ(q, (std::vector<int8_t>{0, 2, 0, 2, 127, -128, 127}));
}

}  // namespace
}  // namespace hone::opencl
