#include "kernels/opencl/gather/gather.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

void Expect(int64_t outer, int64_t extent, int64_t inner,
            const std::vector<int32_t>& index) {
  const std::vector<float> x = TestFloats(outer * extent * inner, 1);
  std::vector<float> expected;
  for (int64_t o = 0; o < outer; ++o) {
    for (const int32_t i : index) {
      const auto row = x.begin() + (o * extent + i) * inner;
      expected.insert(expected.end(), row, row + inner);
    }
  }
  const BufferPtr y = Room(expected.size());
  const absl::Status status =
      GatherRows(*TestContext(), OnDevice(x), outer, extent, inner, index, y);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(FloatsOf(y), expected);
}

TEST(GatherTest, PicksRows) {
  HONE_REQUIRE_OPENCL();
  Expect(1, 10, 33, {9, 0, 3, 3, 7});
  Expect(3, 4, 5, {2});
  Expect(2, 7, 1, {6, 5, 0});
  Expect(2, 7, 3, {});
}

}  // namespace
}  // namespace hone::opencl
