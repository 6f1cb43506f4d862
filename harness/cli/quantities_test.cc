#include "harness/cli/quantities.h"

#include "gtest/gtest.h"
#include "harness/cli/help.h"

namespace hone::harness {
namespace {

TEST(QuantitiesTest, Bytes) {
  EXPECT_EQ(*ParseBytes("2GB"), 2000000000u);
  EXPECT_EQ(*ParseBytes("512MiB"), 512u << 20);
  EXPECT_EQ(*ParseBytes("1.5k"), 1500u);
  EXPECT_EQ(*ParseBytes("4096"), 4096u);
  for (const char* bad :
       {"", "GB", "-1", "2XB", "1e9GB", "0", "2 GB", "nan", "99999999999GB"}) {
    EXPECT_FALSE(ParseBytes(bad).ok()) << bad;
  }
}

TEST(QuantitiesTest, Durations) {
  EXPECT_EQ(*ParseDuration("2h"), 7200);
  EXPECT_EQ(*ParseDuration("1h30m"), 5400);
  EXPECT_EQ(*ParseDuration("45"), 45);
  EXPECT_EQ(*ParseDuration("1.5s"), 1.5);
  for (const char* bad : {"", "h", "-3s", "3y", "0s"}) {
    EXPECT_FALSE(ParseDuration(bad).ok()) << bad;
  }
}

TEST(QuantitiesTest, BoundsAreAbsoluteUnlessWrittenInPercent) {
  const auto bounds = ParseBounds("top1=0.005,f1=1%");
  ASSERT_TRUE(bounds.ok());
  EXPECT_EQ((*bounds)[0].metric, "top1");
  EXPECT_DOUBLE_EQ(AllowedDrop((*bounds)[0], 0.9), 0.005);
  EXPECT_DOUBLE_EQ(AllowedDrop((*bounds)[1], 0.9), 0.009);
  EXPECT_EQ((*ParseBounds("0.01"))[0].metric, "");
  for (const char* bad : {"", "x", "-0.1", "top1=", "inf", "0.1,,0.2"}) {
    EXPECT_FALSE(ParseBounds(bad).ok()) << bad;
  }
}

TEST(QuantitiesTest, Texts) {
  EXPECT_EQ(BytesText(-0.0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(1400000), "1.40 MB");
  EXPECT_EQ(DurationText(3.21), "3.2 s");
  EXPECT_EQ(DurationText(125), "2 min 05 s");
  EXPECT_EQ(DurationText(3780), "1 h 03 min");
}

TEST(HelpTest, WrapsAtTheWidth) {
  EXPECT_EQ(Wrap("aa bb cc", 2, 7), "  aa bb\n  cc");
  EXPECT_EQ(Wrap("averylongword b", 0, 5), "averylongword\nb");
}

}  // namespace
}  // namespace hone::harness
