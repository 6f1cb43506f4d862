#include "harness/bench/inputs.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

Signature Text() {
  Signature signature;
  signature.inputs = {
      {"ids", HONE_DTYPE_S64, 2, {-1, -1}, {"batch", "length"}},
      {"mask", HONE_DTYPE_F32, 2, {-1, -1}, {"batch", "length"}},
      {"fixed", HONE_DTYPE_F16, 1, {3}, {""}},
      {"free", HONE_DTYPE_BOOL, 1, {-1}, {""}}};
  return signature;
}

TEST(ShapesTest, OneInputSettlesTheSymbolsOfOthers) {
  const auto shapes = ParseShapes({"ids=2x128"}, {Text()});
  ASSERT_TRUE(shapes.ok()) << shapes.status();
  const auto extents = ExtentsOf(Text(), *shapes);
  ASSERT_TRUE(extents.ok()) << extents.status();
  EXPECT_EQ(*extents,
            (std::vector<std::vector<int64_t>>{{2, 128}, {2, 128}, {3}, {1}}));
  EXPECT_EQ((*ExtentsOf(Text(), *ParseShapes({"length=7"}, {Text()})))[1],
            (std::vector<int64_t>{1, 7}));
  EXPECT_EQ((*ExtentsOf(Text(), {}))[0], (std::vector<int64_t>{1, 1}));
}

TEST(ShapesTest, MistakesAreToldByName) {
  const auto message = [](const std::string& item) {
    const auto shapes = ParseShapes({item}, {Text()});
    if (!shapes.ok()) return std::string(shapes.status().message());
    return std::string(ExtentsOf(Text(), *shapes).status().message());
  };
  EXPECT_TRUE(absl::StrContains(message("isd=1"), "the nearest is ids"));
  for (const char* bad : {"ids", "ids=", "ids=1xx2", "ids=-1x2", "=1"}) {
    EXPECT_TRUE(absl::StrContains(message(bad), "--shape")) << bad;
  }
  EXPECT_TRUE(absl::StrContains(message("ids=1"), "int64 [batch, length]"));
  EXPECT_TRUE(absl::StrContains(message("fixed=4"), "float16 [3]"));
}

TEST(InventTest, FloatsAreBelowOneAndIntegersZero) {
  const auto sample = InventSample(Text(), {{"ids", {2, 50}}}, 7);
  ASSERT_TRUE(sample.ok()) << sample.status();
  const auto* ids =
      static_cast<const int64_t*>(hone_value_data((*sample)[0].get()));
  const auto* mask =
      static_cast<const float*>(hone_value_data((*sample)[1].get()));
  double sum = 0;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(ids[i], 0);
    EXPECT_GE(mask[i], 0);
    EXPECT_LT(mask[i], 1);
    sum += static_cast<double>(mask[i]);
  }
  EXPECT_NEAR(sum / 100, 0.5, 0.1);
}

TEST(InventTest, WhatCannotBeInventedIsTold) {
  Signature signature;
  signature.inputs = {{"s", HONE_DTYPE_UNDEFINED, -1, {}, {}}};
  EXPECT_EQ(ExitCode(InventSample(signature, {}, 0).status()), 3);
  signature.inputs = {{"x", HONE_DTYPE_F32, -1, {}, {}}};
  EXPECT_EQ(ExitCode(InventSample(signature, {}, 0).status()), 2);
  EXPECT_TRUE(InventSample(signature, {{"x", {2, 2}}}, 0).ok());
  signature.inputs[0].dtype = HONE_DTYPE_F32;
  const int64_t huge = int64_t{1} << 40;
  EXPECT_FALSE(InventSample(signature, {{"x", {huge, huge}}}, 0).ok());
}

}  // namespace
}  // namespace hone::harness
