#include "ir/elements/elements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace hone {
namespace {

Tensor OneReal(DType dtype, double value) {
  absl::Span<std::byte> bytes;
  absl::StatusOr<Tensor> tensor = Tensor::Allocate(dtype, {1}, &bytes);
  SetReal(dtype, value, 0, bytes);
  return *tensor;
}

uint16_t Bits16(const Tensor& tensor) {
  return static_cast<uint16_t>(static_cast<unsigned>(tensor.bytes()[0]) |
                               (static_cast<unsigned>(tensor.bytes()[1]) << 8));
}

TEST(ElementsTest, HalfHasIeeeBits) {
  EXPECT_EQ(Bits16(OneReal(DType::kF16, 1)), 0x3c00);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, -2)), 0xc000);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, 65504)), 0x7bff);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, 65519)), 0x7bff);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, 65520)), 0x7c00);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, std::ldexp(1, -24))), 0x0001);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, std::ldexp(1, -14))), 0x0400);
  EXPECT_EQ(Bits16(OneReal(DType::kF16, 0.1)), 0x2e66);
  // Halfway between 2048 and 2050: the even one.
  EXPECT_EQ(RealElement(OneReal(DType::kF16, 2049), 0), 2048);
  EXPECT_EQ(RealElement(OneReal(DType::kF16, 2051), 0), 2052);
  // The largest below a power of two rounds into the next exponent.
  EXPECT_EQ(RealElement(OneReal(DType::kF16, 2047.9), 0), 2048);
}

TEST(ElementsTest, EveryHalfSurvives) {
  for (int bits = 0; bits < 0x7c00; ++bits) {
    const int exponent = bits >> 10;
    const int fraction = bits & 1023;
    const double value = exponent == 0
                             ? std::ldexp(fraction, -24)
                             : std::ldexp(fraction + 1024, exponent - 25);
    const Tensor tensor = OneReal(DType::kF16, value);
    ASSERT_EQ(Bits16(tensor), bits);
    ASSERT_EQ(RealElement(tensor, 0), value);
  }
}

TEST(ElementsTest, BFloatRoundsHalfToEven) {
  EXPECT_EQ(Bits16(OneReal(DType::kBF16, 1)), 0x3f80);
  EXPECT_EQ(RealElement(OneReal(DType::kBF16, 257), 0), 256);
  EXPECT_EQ(RealElement(OneReal(DType::kBF16, 259), 0), 260);
  EXPECT_TRUE(std::isnan(RealElement(OneReal(DType::kBF16, NAN), 0)));
}

TEST(ElementsTest, PackedIntegersLieLowBitsFirst) {
  absl::Span<std::byte> bytes;
  absl::StatusOr<Tensor> tensor = Tensor::Allocate(DType::kS4, {3}, &bytes);
  ASSERT_TRUE(tensor.ok());
  const int64_t values[] = {-8, 7, -1};
  for (int64_t i = 0; i < 3; ++i) SetInteger(DType::kS4, values[i], i, bytes);
  EXPECT_EQ(static_cast<int>(bytes[0]), 0x78);
  for (int64_t i = 0; i < 3; ++i)
    EXPECT_EQ(IntegerElement(*tensor, i), values[i]);
}

TEST(ElementsTest, SaysWhatFits) {
  EXPECT_TRUE(IntegerFits(DType::kS4, -8));
  EXPECT_FALSE(IntegerFits(DType::kS4, 8));
  EXPECT_TRUE(IntegerFits(DType::kU2, 3));
  EXPECT_FALSE(IntegerFits(DType::kU8, -1));
  EXPECT_TRUE(IntegerFits(DType::kS64, INT64_MIN));
  EXPECT_FALSE(IntegerFits(DType::kBool, 2));
}

}  // namespace
}  // namespace hone
