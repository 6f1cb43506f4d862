#include "kernels/cpu/detection/detection.h"

#include <array>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

using Kept = std::vector<std::array<int64_t, 3>>;

TEST(NonMaxSuppression, KeepsTheBestOfEachPlace) {
  // Boxes 0 and 1 share 9 of 11 units, box 2 lies apart.
  const double boxes[] = {0, 0, 1, 10, 1, 11, 0, 1, 5, 5, 6, 6};
  const double scores[] = {.5, .9, .1};
  SuppressionOptions options;
  options.most = 10;
  options.overlap = 0.8;
  EXPECT_EQ(NonMaxSuppression(boxes, scores, 1, 1, 3, options),
            (Kept{{0, 0, 1}, {0, 0, 2}}));
  options.overlap = 0.82;
  EXPECT_EQ(NonMaxSuppression(boxes, scores, 1, 1, 3, options),
            (Kept{{0, 0, 1}, {0, 0, 0}, {0, 0, 2}}));
  options.score = 0.1;
  options.most = 1;
  EXPECT_EQ(NonMaxSuppression(boxes, scores, 1, 1, 3, options),
            (Kept{{0, 0, 1}}));
}

TEST(NonMaxSuppression, BoxesMayBeAPartOfOne) {
  const double boxes[] = {0, 0, .01, .1, .01, .11, 0, .01, .5, .5, .6, .6};
  const double scores[] = {.5, .9, .1};
  SuppressionOptions options;
  options.most = 10;
  options.overlap = 0.5;
  EXPECT_EQ(NonMaxSuppression(boxes, scores, 1, 1, 3, options),
            (Kept{{0, 0, 1}, {0, 0, 2}}));
}

TEST(NonMaxSuppression, CentersAreCorners) {
  const double corners[] = {0, 0, 2, 4, 0, 1, 2, 5};
  const double centers[] = {2, 1, 4, 2, 3, 1, 4, 2};
  const double scores[] = {.5, .4};
  SuppressionOptions options;
  options.most = 2;
  options.overlap = 0.59;  // theirs is 6 / 10
  const Kept one = {{0, 0, 0}};
  EXPECT_EQ(NonMaxSuppression(corners, scores, 1, 1, 2, options), one);
  options.center = true;
  EXPECT_EQ(NonMaxSuppression(centers, scores, 1, 1, 2, options), one);
}

TEST(RoiAlign, MeansOfALinearImage) {
  ThreadPool pool(2);
  std::vector<double> x;
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) x.push_back(10 * i + j);
  }
  const double rois[] = {1.5, 2.5, 5.5, 4.5};
  const int64_t batch[] = {0};
  RoiAlignOptions options;
  options.height = 1;
  options.width = 2;
  options.samples = 2;
  double y[2];
  RoiAlign(pool, x.data(), 1, 8, 8, rois, batch, 1, options, y);
  // Cells from (2, 1) to (4, 3) and (4, 5): their centers' values.
  EXPECT_DOUBLE_EQ(y[0], 32);
  EXPECT_DOUBLE_EQ(y[1], 34);
}

TEST(MaxRoiPool, GreatestOfEachCell) {
  ThreadPool pool(1);
  const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const double rois[] = {0, 0, 0, 1, 1};
  double y[4];
  MaxRoiPool(pool, x, 1, 3, 3, rois, 1, 1.0, 2, 2, y);
  EXPECT_EQ(std::vector<double>(y, y + 4), (std::vector<double>{1, 2, 4, 5}));
}

}  // namespace
}  // namespace hone
