#include "ir/dtype/dtype.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

TEST(DTypeTest, NamesGoBothWays) {
  for (int number = 1; number <= 28; ++number) {
    ASSERT_TRUE(IsKnownDType(number));
    const DType dtype = static_cast<DType>(number);
    EXPECT_EQ(DTypeFromName(DTypeName(dtype)), dtype);
  }
  EXPECT_FALSE(IsKnownDType(0));
  EXPECT_FALSE(IsKnownDType(29));
  EXPECT_FALSE(IsKnownDType(-1));
  EXPECT_FALSE(DTypeFromName("float31").has_value());
}

TEST(DTypeTest, KindsAndWidths) {
  EXPECT_TRUE(IsFloating(DType::kF8E8M0));
  EXPECT_FALSE(IsFloating(DType::kBool));
  EXPECT_TRUE(IsInteger(DType::kU2));
  EXPECT_FALSE(IsInteger(DType::kBool));
  EXPECT_EQ(BitsPerElement(DType::kC128), 128);
  EXPECT_EQ(BitsPerElement(DType::kF4E2M1), 4);
  EXPECT_EQ(BitsPerElement(DType::kString), 0);
  EXPECT_TRUE(IsFloating(DType::kF6E3M2));
  EXPECT_EQ(BitsPerElement(DType::kF6E2M3), 6);
}

TEST(DTypeTest, FourSixBitElementsTakeThreeBytes) {
  EXPECT_EQ(PackedBytes(DType::kF6E2M3, 4), size_t{3});
  EXPECT_EQ(PackedBytes(DType::kF6E3M2, 5), size_t{4});
  EXPECT_EQ(PackedBytes(DType::kF6E3M2, 0), size_t{0});
}

}  // namespace
}  // namespace hone
