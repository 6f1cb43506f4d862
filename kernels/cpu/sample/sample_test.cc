#include "kernels/cpu/sample/sample.h"

#include <vector>

#include "gtest/gtest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

TEST(GridSample, PlacesOfALinearImage) {
  ThreadPool pool(2);
  const double x[] = {0, 1, 2, 3, 4, 5};  // 2 rows of 3
  GridSampleOptions options;
  options.align_corners = true;
  const double grid[] = {-1, -1, 1, 1, 0, 0, 0.5, -1};
  double y[4];
  GridSample(pool, x, 1, 1, {2, 3}, grid, 4, options, y);
  EXPECT_EQ(std::vector<double>(y, y + 4),
            (std::vector<double>{0, 5, 2.5, 1.5}));
}

TEST(GridSample, OutsideByPadding) {
  ThreadPool pool(1);
  const double x[] = {1, 2, 3, 4};
  const double grid[] = {2};
  const auto at = [&](SamplePadding padding) {
    GridSampleOptions options;
    options.mode = SampleMode::kNearest;
    options.padding = padding;
    double y = -1;
    GridSample(pool, x, 1, 1, {4}, grid, 1, options, &y);  // at pixel 5.5 -> 6
    return y;
  };
  EXPECT_EQ(at(SamplePadding::kZeros), 0);
  EXPECT_EQ(at(SamplePadding::kBorder), 4);
  EXPECT_EQ(at(SamplePadding::kReflection), 2);
}

// Pixel -0.5 of {0, 8}: taps at 0, 0, 0, 1, the last of weight -3/32.
TEST(GridSample, CubicTapsGoToTheBorderOneByOne) {
  ThreadPool pool(1);
  const double x[] = {0, 8};
  const double grid[] = {-1};
  GridSampleOptions options;
  options.mode = SampleMode::kCubic;
  options.padding = SamplePadding::kBorder;
  double y = -1;
  GridSample(pool, x, 1, 1, {2}, grid, 1, options, &y);
  EXPECT_DOUBLE_EQ(y, -0.75);
}

TEST(AffineGrid, IdentityIsTheGrid) {
  const double theta[] = {1, 0, 0, 0, 1, 0};
  double grid[8];
  AffineGrid(theta, 1, {2, 2}, true, grid);
  EXPECT_EQ(std::vector<double>(grid, grid + 8),
            (std::vector<double>{-1, -1, 1, -1, -1, 1, 1, 1}));
  AffineGrid(theta, 1, {2, 2}, false, grid);
  EXPECT_EQ(grid[0], -0.5);
}

TEST(ColumnsToImage, OverlapsAreAdded) {
  BlockLayout layout = {{3}, {2}, {1}, {0}, {1}, {2}};
  const double x[] = {1, 2, 10, 20};
  double y[3];
  ColumnsToImage(x, 1, layout, y);
  EXPECT_EQ(std::vector<double>(y, y + 3), (std::vector<double>{1, 12, 20}));
}

TEST(DeformConv, OffsetsMoveThePixels) {
  ThreadPool pool(2);
  DeformConvShape shape;
  shape.h = shape.w = 3;
  shape.out_h = shape.out_w = 2;
  shape.kernel_h = shape.kernel_w = 2;
  const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const double weight[] = {1, 0, 0, 1};
  std::vector<double> offset(2 * 4 * 4, 0.0);
  const double bias[] = {100};
  double y[4];
  DeformConv(pool, shape, x, weight, offset.data(), bias, nullptr, y);
  EXPECT_EQ(std::vector<double>(y, y + 4),
            (std::vector<double>{106, 108, 112, 114}));
  offset[0] = 0.5;  // the first tap's row, at the first place
  DeformConv(pool, shape, x, weight, offset.data(), bias, nullptr, y);
  EXPECT_EQ(y[0], 107.5);
  std::vector<double> mask(16, 0.0);
  DeformConv(pool, shape, x, weight, offset.data(), bias, mask.data(), y);
  EXPECT_EQ(y[3], 100);
}

}  // namespace
}  // namespace hone
