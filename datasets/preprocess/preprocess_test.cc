#include "datasets/preprocess/preprocess.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "datasets/array/array.h"
#include "datasets/image/image.h"

namespace hone::datasets {
namespace {

Image TwoByOne() {  // a red pixel, then (10, 20, 30)
  return {2, 1, 3, {255, 0, 0, 10, 20, 30}};
}

std::vector<float> Floats(const Array& array) {
  const absl::Span<const float> values = array.Values<float>();
  return {values.begin(), values.end()};
}

TEST(PreprocessTest, DefaultIsPlanarFloat) {
  const Array a = *Preprocess(TwoByOne(), {});
  EXPECT_EQ(a.dtype, "float32");
  EXPECT_EQ(a.shape, std::vector<int64_t>({3, 1, 2}));
  EXPECT_EQ(Floats(a), std::vector<float>({255, 10, 0, 20, 0, 30}));
}

TEST(PreprocessTest, MeanScaleColorAndLayout) {
  Preprocessing p;
  ASSERT_TRUE(SetKey("mean", "10,20,30", &p).ok());
  ASSERT_TRUE(SetKey("scale", "5", &p).ok());
  ASSERT_TRUE(SetKey("color", "bgr", &p).ok());
  ASSERT_TRUE(SetKey("layout", "nhwc", &p).ok());
  const Array a = *Preprocess(TwoByOne(), p);
  EXPECT_EQ(a.shape, std::vector<int64_t>({1, 2, 3}));
  EXPECT_EQ(Floats(a), std::vector<float>({-2, -4, 45, 4, 0, -4}));
}

TEST(PreprocessTest, IntegersRoundToEvenAndSaturate) {
  Preprocessing p;
  ASSERT_TRUE(SetKey("dtype", "int8", &p).ok());
  ASSERT_TRUE(SetKey("scale", "4", &p).ok());
  ASSERT_TRUE(SetKey("mean", "4", &p).ok());
  const Array a = *Preprocess({3, 1, 1, {0, 10, 6}}, p);  // -1, 1.5, 0.5
  const int8_t* const values = a.Values<int8_t>().data();
  EXPECT_EQ(values[0], -1);
  EXPECT_EQ(values[1], 2);
  EXPECT_EQ(values[2], 0);
  ASSERT_TRUE(SetKey("scale", "1", &p).ok());
  EXPECT_EQ(Preprocess({1, 1, 1, {255}}, p)->Values<int8_t>()[0], 127);
}

TEST(PreprocessTest, CropsTheCenterAndResizesTheShorterSide) {
  Preprocessing p;
  ASSERT_TRUE(SetKey("crop", "1", &p).ok());
  EXPECT_EQ(Floats(*Preprocess({3, 3, 1, {0, 1, 2, 3, 4, 5, 6, 7, 8}}, p)),
            std::vector<float>({4}));
  Preprocessing q;
  ASSERT_TRUE(SetKey("resize", "4", &q).ok());
  EXPECT_EQ(Preprocess({16, 8, 1, std::vector<uint8_t>(128, 9)}, q)->shape,
            std::vector<int64_t>({1, 4, 8}));
  ASSERT_TRUE(SetKey("resize", "2x5", &q).ok());
  EXPECT_EQ(Preprocess({16, 8, 1, std::vector<uint8_t>(128, 9)}, q)->shape,
            std::vector<int64_t>({1, 2, 5}));
}

TEST(PreprocessTest, WrongKeysNameWhatTheyAccept) {
  Preprocessing p;
  for (const auto& [key, text] :
       std::vector<std::pair<std::string, std::string>>{{"resize", "0"},
                                                        {"resize", "1x2x3"},
                                                        {"crop", "ten"},
                                                        {"mean", "1,nan"},
                                                        {"scale", "1,0"},
                                                        {"color", "cmyk"},
                                                        {"layout", "chw"},
                                                        {"dtype", "float8"},
                                                        {"labels", ""},
                                                        {"size", "1"}}) {
    const absl::Status status = SetKey(key, text, &p);
    EXPECT_FALSE(status.ok()) << key;
    EXPECT_TRUE(absl::StrContains(status.message(), key)) << status;
  }
}

TEST(PreprocessTest, WhatDoesNotFitThePictureIsAnError) {
  Preprocessing p;
  p.crop = {3};
  EXPECT_FALSE(Preprocess(TwoByOne(), p).ok());
  p.crop = {};
  p.mean = {1, 2};
  EXPECT_FALSE(Preprocess(TwoByOne(), p).ok());
  p.mean = {};
  p.resize = {1000};
  EXPECT_FALSE(Preprocess({1, 30000, 1, std::vector<uint8_t>(30000)}, p).ok());
}

TEST(PreprocessTest, SetKeysWinOverTheBase) {
  Preprocessing base, over;
  base.scale = {255};
  base.color = "bgr";
  over.color = "gray";
  const Preprocessing merged = Merge(base, over);
  EXPECT_EQ(merged.color, "gray");
  EXPECT_EQ(merged.scale, std::vector<double>({255}));
  EXPECT_TRUE(SetsImageKeys(merged));
  EXPECT_FALSE(SetsImageKeys({}));
}

}  // namespace
}  // namespace hone::datasets
