#include "kernels/cpu/float_types/float_types.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Half, EveryCodeSurvivesTheRoundTrip) {
  for (uint32_t code = 0; code < 65536; ++code) {
    const float value = HalfToFloat(static_cast<uint16_t>(code));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(HalfToFloat(FloatToHalf(value))));
    } else {
      EXPECT_EQ(FloatToHalf(value), code);
    }
  }
}

TEST(Half, KnownValues) {
  EXPECT_EQ(FloatToHalf(1.0f), 0x3c00);
  EXPECT_EQ(FloatToHalf(-2.0f), 0xc000);
  EXPECT_EQ(FloatToHalf(65504.0f), 0x7bff);
  EXPECT_EQ(FloatToHalf(65519.9f), 0x7bff);
  EXPECT_EQ(FloatToHalf(65520.0f), 0x7c00);
  EXPECT_EQ(FloatToHalf(0x1p-24f), 1);
  EXPECT_EQ(FloatToHalf(0x1p-25f), 0);              // a tie, to even
  EXPECT_EQ(FloatToHalf(0x1.8p-24f), 2);            // a tie, to even
  EXPECT_EQ(FloatToHalf(1.0f + 0x1p-11f), 0x3c00);  // a tie, to even
  EXPECT_EQ(FloatToHalf(1.0f + 0x3p-11f), 0x3c02);  // a tie, to even
}

TEST(BFloat16, RoundsToNearestEven) {
  EXPECT_EQ(BFloat16(1.0f).bits, 0x3f80);
  EXPECT_EQ(BFloat16(1.0f + 0x1p-8f).bits, 0x3f80);
  EXPECT_EQ(BFloat16(1.0f + 0x3p-8f).bits, 0x3f82);
  EXPECT_TRUE(std::isnan(BFloat16(std::nanf(""))));
  EXPECT_EQ(static_cast<float>(BFloat16(3.4e38f)), kInfinity);
}

TEST(SmallFloat, EveryCodeSurvivesTheRoundTrip) {
  for (const SmallFloat format :
       {SmallFloat::kE4M3FN, SmallFloat::kE4M3FNUZ, SmallFloat::kE5M2,
        SmallFloat::kE5M2FNUZ, SmallFloat::kE2M1, SmallFloat::kE2M3,
        SmallFloat::kE3M2, SmallFloat::kE8M0}) {
    const bool six_bits =
        format == SmallFloat::kE2M3 || format == SmallFloat::kE3M2;
    const int codes = six_bits ? 64 : format == SmallFloat::kE2M1 ? 16 : 256;
    for (int code = 0; code < codes; ++code) {
      const float value = DecodeSmallFloat(format, static_cast<uint8_t>(code));
      const uint8_t back = EncodeSmallFloat(format, value, false);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(DecodeSmallFloat(format, back)));
      } else {
        EXPECT_EQ(back, code) << static_cast<int>(format);
      }
    }
  }
}

TEST(SmallFloat, RoundingAndOverflow) {
  auto e4m3 = [](float x, bool saturate) {
    return DecodeSmallFloat(SmallFloat::kE4M3FN,
                            EncodeSmallFloat(SmallFloat::kE4M3FN, x, saturate));
  };
  EXPECT_EQ(e4m3(448.0f, true), 448.0f);
  EXPECT_EQ(e4m3(1000.0f, true), 448.0f);
  EXPECT_TRUE(std::isnan(e4m3(1000.0f, false)));
  EXPECT_EQ(e4m3(17.0f, true), 16.0f);  // a tie, to even
  EXPECT_EQ(e4m3(19.0f, true), 20.0f);
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE5M2, kInfinity, false), 0x7c);
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE5M2, kInfinity, true), 0x7b);
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE4M3FNUZ, -0.0f, true), 0);
  EXPECT_EQ(DecodeSmallFloat(SmallFloat::kE2M1, 0x7), 6.0f);
  EXPECT_EQ(DecodeSmallFloat(SmallFloat::kE2M1, 0xf), -6.0f);
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE2M1, std::nanf(""), true), 0x8);
}

TEST(SmallFloat, PowersOfTwoRoundAsTold) {
  const auto round = [](float x, PowerRounding rounding) {
    return DecodeSmallFloat(SmallFloat::kE8M0,
                            EncodePowerOfTwo(x, rounding, true));
  };
  EXPECT_EQ(round(4.0f, PowerRounding::kUp), 4.0f);
  EXPECT_EQ(round(4.1f, PowerRounding::kUp), 8.0f);
  EXPECT_EQ(round(7.9f, PowerRounding::kDown), 4.0f);
  EXPECT_EQ(round(5.9f, PowerRounding::kNearest), 4.0f);
  EXPECT_EQ(round(6.0f, PowerRounding::kNearest), 8.0f);
  EXPECT_EQ(round(0x1.8p127f, PowerRounding::kDown), 0x1p127f);
  EXPECT_EQ(round(kInfinity, PowerRounding::kNearest), 0x1p127f);
  EXPECT_EQ(EncodePowerOfTwo(0x1.8p127f, PowerRounding::kUp, true), 0xfe);
  EXPECT_EQ(EncodePowerOfTwo(0x1.8p127f, PowerRounding::kUp, false), 0xff);
  EXPECT_EQ(EncodePowerOfTwo(0.0f, PowerRounding::kDown, true), 0);
}

TEST(SmallFloat, SixBitsHoldWhatTheirExponentsAllow) {
  const auto round = [](SmallFloat format, float x) {
    return DecodeSmallFloat(format, EncodeSmallFloat(format, x, false));
  };
  EXPECT_EQ(round(SmallFloat::kE2M3, 7.5f), 7.5f);
  EXPECT_EQ(round(SmallFloat::kE2M3, -100.0f), -7.5f);
  EXPECT_EQ(round(SmallFloat::kE2M3, kInfinity), 7.5f);
  EXPECT_EQ(round(SmallFloat::kE2M3, 0.125f), 0.125f);  // the smallest
  EXPECT_EQ(round(SmallFloat::kE2M3, 0.0625f), 0.0f);   // a tie, to even
  EXPECT_EQ(round(SmallFloat::kE2M3, 1.0625f), 1.0f);   // a tie, to even
  EXPECT_EQ(round(SmallFloat::kE2M3, 1.1875f), 1.25f);  // a tie, to even
  EXPECT_EQ(round(SmallFloat::kE3M2, 28.0f), 28.0f);
  EXPECT_EQ(round(SmallFloat::kE3M2, -kInfinity), -28.0f);
  EXPECT_EQ(round(SmallFloat::kE3M2, 0.0625f), 0.0625f);  // the smallest
  EXPECT_EQ(round(SmallFloat::kE3M2, 18.0f), 16.0f);      // a tie, to even
  EXPECT_EQ(round(SmallFloat::kE3M2, 22.0f), 24.0f);      // a tie, to even
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE2M3, 1.0f, true), 0x08);
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE3M2, -1.0f, true), 0x2c);
  EXPECT_EQ(EncodeSmallFloat(SmallFloat::kE3M2, std::nanf(""), true), 0x20);
}

}  // namespace
}  // namespace hone
