#include "datasets/array/array.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace hone::datasets {
namespace {

TEST(ArrayTest, RowsShareMemory) {
  const Array a = FromValues<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Array row = Row(a, 1);
  EXPECT_EQ(row.shape, std::vector<int64_t>({3}));
  EXPECT_EQ(row.Values<float>()[0], 4);
  EXPECT_EQ(row.bytes.data(), a.bytes.data() + 12);
}

TEST(ArrayTest, StackMakesOneBatch) {
  const Array a = FromValues<int32_t>({2}, {1, 2});
  const Array b = FromValues<int32_t>({2}, {3, 4});
  const Array both = *Stack({a, b});
  EXPECT_EQ(both.shape, std::vector<int64_t>({2, 2}));
  EXPECT_EQ(both.Values<int32_t>()[3], 4);
  EXPECT_FALSE(Stack({}).ok());
  EXPECT_FALSE(Stack({a, FromValues<int32_t>({1}, {3})}).ok());
  EXPECT_FALSE(Stack({a, FromValues<float>({2}, {3, 4})}).ok());
}

TEST(ArrayTest, FitsTheRankOfAnInput) {
  const Array a = FromValues<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(FitToRank(a, 2)->shape, std::vector<int64_t>({2, 3}));
  EXPECT_EQ(FitToRank(a, 3)->shape, std::vector<int64_t>({1, 2, 3}));
  EXPECT_EQ(FitToRank(a, -1)->shape, std::vector<int64_t>({1, 2, 3}));
  EXPECT_FALSE(FitToRank(a, 4).ok());
  EXPECT_FALSE(FitToRank(a, 1).ok());
}

TEST(ArrayTest, CountsElementsWithoutOverflow) {
  EXPECT_EQ(ElementCount({}), 1);
  EXPECT_EQ(ElementCount({2, 0, int64_t{1} << 61}), 0);
  EXPECT_EQ(ElementCount({int64_t{1} << 40, int64_t{1} << 40}), std::nullopt);
  EXPECT_EQ(ElementCount({-1}), std::nullopt);
  absl::Span<std::byte> bytes;
  EXPECT_FALSE(Allocate("float32", {int64_t{1} << 62}, &bytes).ok());
  EXPECT_FALSE(Allocate("float33", {1}, &bytes).ok());
}

TEST(ArrayTest, ReadsEveryNumberAsDouble) {
  EXPECT_EQ(*ToDoubles(FromValues<int8_t>({2}, {-3, 4})),
            std::vector<double>({-3, 4}));
  Array half = FromValues<uint8_t>({4}, {0x00, 0x3c, 0x00, 0xc0});
  half.dtype = "float16";
  half.shape = {2};
  EXPECT_EQ(*ToDoubles(half), std::vector<double>({1, -2}));
  half.dtype = "bfloat16";  // 0x3c00 = 2^-7, 0xc000 = -2
  EXPECT_EQ(*ToDoubles(half), std::vector<double>({0.0078125, -2}));
  half.dtype = "complex64";
  EXPECT_FALSE(ToDoubles(half).ok());
}

TEST(ArrayTest, HalvesRoundToEven) {
  EXPECT_EQ(HalfFromFloat(1.0f), 0x3c00);
  EXPECT_EQ(HalfFromFloat(-0.0f), 0x8000);
  EXPECT_EQ(HalfFromFloat(65504.0f), 0x7bff);
  EXPECT_EQ(HalfFromFloat(65519.0f), 0x7bff);
  EXPECT_EQ(HalfFromFloat(65520.0f), 0x7c00);
  EXPECT_EQ(HalfFromFloat(1.0f + 0x1p-11f), 0x3c00);      // a tie, down to even
  EXPECT_EQ(HalfFromFloat(1.0f + 3 * 0x1p-11f), 0x3c02);  // a tie, up to even
  EXPECT_EQ(HalfFromFloat(0x1p-24f), 0x0001);
  EXPECT_EQ(HalfFromFloat(0x1p-25f), 0x0000);
  EXPECT_TRUE(std::isnan(FloatFromHalf(HalfFromFloat(NAN))));
  for (uint32_t bits = 0; bits < 0x7c00; ++bits) {
    ASSERT_EQ(HalfFromFloat(FloatFromHalf(static_cast<uint16_t>(bits))), bits);
  }
}

}  // namespace
}  // namespace hone::datasets
