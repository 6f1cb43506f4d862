#include "kernels/opencl/reduce/reduce.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/reduce/reduce_ref.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/threads/thread_pool.h"

namespace hone::opencl {
namespace {

constexpr Reduction kAll[] = {Reduction::kSum, Reduction::kMean,
                              Reduction::kMin, Reduction::kMax};

ReduceOp DefinitionOf(Reduction reduction) {
  switch (reduction) {
    case Reduction::kSum:
      return ReduceOp::kSum;
    case Reduction::kMean:
      return ReduceOp::kMean;
    case Reduction::kMin:
      return ReduceOp::kMin;
    case Reduction::kMax:
      return ReduceOp::kMax;
  }
  return ReduceOp::kSum;
}

void Expect(const std::vector<float>& x, int64_t outer, int64_t extent,
            int64_t inner) {
  for (const Reduction reduction : kAll) {
    SCOPED_TRACE(testing::Message()
                 << static_cast<int>(reduction) << " of " << outer << " x "
                 << extent << " x " << inner);
    ReduceShape shape;
    shape.dims = {outer, extent, inner};
    shape.reduced = {false, true, false};
    std::vector<float> expected(static_cast<size_t>(outer * inner));
    ThreadPool pool(1);
    ReduceRef(pool, DefinitionOf(reduction), x.data(), shape, expected.data());
    const BufferPtr y = Room(expected.size());
    const absl::Status status =
        Reduce(*TestContext(), reduction, OnDevice(x), outer, extent, inner, y);
    ASSERT_TRUE(status.ok()) << status;
    const std::vector<float> found = FloatsOf(y);
    for (size_t i = 0; i < expected.size(); ++i) {
      if (std::isnan(expected[i])) {
        EXPECT_TRUE(std::isnan(found[i]));
        continue;
      }
      ASSERT_NEAR(found[i], expected[i], static_cast<double>(extent) * 0x1p-20);
    }
  }
}

TEST(ReduceTest, RowsAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const int64_t extent : {1, 2, 127, 128, 129, 1000}) {
    Expect(TestFloats(3 * extent, 1), 3, extent, 1);
  }
}

TEST(ReduceTest, ColumnsAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const int64_t extent : {1, 63, 64, 65, 200}) {
    Expect(TestFloats(2 * extent * 67, 2), 2, extent, 67);
  }
}

TEST(ReduceTest, KeepsNaN) {
  HONE_REQUIRE_OPENCL();
  Expect({1, NAN, 3, 4, 5, 6}, 2, 3, 1);
  Expect({1, NAN, 3, 4, 5, 6}, 1, 3, 2);
}

TEST(ReduceTest, OfNothing) {
  HONE_REQUIRE_OPENCL();
  const BufferPtr y = Room(2);
  const BufferPtr x = Room(0);
  ASSERT_TRUE(Reduce(*TestContext(), Reduction::kSum, x, 2, 0, 1, y).ok());
  EXPECT_EQ(FloatsOf(y), (std::vector<float>{0, 0}));
  ASSERT_TRUE(Reduce(*TestContext(), Reduction::kMax, x, 1, 0, 2, y).ok());
  EXPECT_EQ(FloatsOf(y)[1], -std::numeric_limits<float>::infinity());
  ASSERT_TRUE(Reduce(*TestContext(), Reduction::kMean, x, 2, 0, 1, y).ok());
  EXPECT_TRUE(std::isnan(FloatsOf(y)[0]));
}

}  // namespace
}  // namespace hone::opencl
