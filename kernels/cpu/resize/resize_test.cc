#include "kernels/cpu/resize/resize.h"

#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/resize/resize_ref.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

using Mode = ResizeAxis::Mode;
using Coordinates = ResizeAxis::Coordinates;

ResizeAxis Axis(int64_t input, int64_t output, Mode mode) {
  ResizeAxis axis;
  axis.input = input;
  axis.output = output;
  axis.scale = static_cast<double>(output) / static_cast<double>(input);
  axis.mode = mode;
  return axis;
}

std::vector<float> ResizeRow(const ResizeAxis& axis,
                             const std::vector<float>& x) {
  ThreadPool pool(1);
  std::vector<float> y(static_cast<size_t>(axis.output));
  Resize(pool, x.data(), {TapsOf(axis)}, -1.0f, y.data());
  return y;
}

TEST(Resize, KnownRows) {
  EXPECT_EQ(ResizeRow(Axis(2, 4, Mode::kLinear), {1, 2}),
            (std::vector<float>{1, 1.25f, 1.75f, 2}));
  EXPECT_EQ(ResizeRow(Axis(2, 4, Mode::kNearest), {1, 2}),
            (std::vector<float>{1, 1, 2, 2}));
  ResizeAxis corners = Axis(2, 5, Mode::kLinear);
  corners.coordinates = Coordinates::kAlignCorners;
  EXPECT_EQ(ResizeRow(corners, {0, 4}), (std::vector<float>{0, 1, 2, 3, 4}));
  ResizeAxis floor = Axis(4, 2, Mode::kNearest);
  floor.coordinates = Coordinates::kAsymmetric;
  floor.rounding = ResizeAxis::Rounding::kFloor;
  EXPECT_EQ(ResizeRow(floor, {1, 2, 3, 4}), (std::vector<float>{1, 3}));
  ResizeAxis crop = Axis(3, 3, Mode::kLinear);
  crop.coordinates = Coordinates::kTfCropAndResize;
  crop.roi_begin = 0.5;
  crop.roi_end = 1.5;
  EXPECT_EQ(ResizeRow(crop, {1, 2, 3}), (std::vector<float>{2, 3, -1}));
}

TEST(Resize, AntialiasAveragesWhatItSkips) {
  ResizeAxis axis = Axis(4, 2, Mode::kLinear);
  axis.antialias = true;
  // The filter's end beyond the edge meets the edge again, or is left out.
  EXPECT_EQ(ResizeRow(axis, {0, 0, 8, 8}), (std::vector<float>{1, 7}));
  axis.exclude_outside = true;
  const std::vector<float> y = ResizeRow(axis, {0, 0, 8, 8});
  EXPECT_NEAR(y[0], 8 * 1.0f / 7, 1e-5);
  EXPECT_NEAR(y[1], 8 * 6.0f / 7, 1e-5);
}

TEST(Resize, AgreesWithTheDefinition) {
  ThreadPool pool(2);
  for (const Mode mode : {Mode::kNearest, Mode::kLinear, Mode::kCubic}) {
    for (const bool exclude : {false, true}) {
      for (const bool antialias : {false, true}) {
        std::vector<ResizeTaps> axes = {TapsOf(Axis(3, 3, mode))};
        for (const auto& [in, out] :
             {std::pair<int64_t, int64_t>{5, 9}, {11, 4}, {7, 7}}) {
          ResizeAxis axis = Axis(in, out, mode);
          axis.exclude_outside = exclude;
          axis.antialias = antialias;
          axes.push_back(TapsOf(axis));
        }
        std::vector<float> x(3 * 5 * 11 * 7);
        for (size_t i = 0; i < x.size(); ++i) {
          x[i] = static_cast<float>(i * 7919 % 101) * 0.1f;
        }
        std::vector<float> y(3 * 9 * 4 * 7), want(y);
        Resize(pool, x.data(), axes, 0, y.data());
        ResizeRef(x.data(), axes, 0, want.data());
        for (size_t i = 0; i < y.size(); ++i) {
          ASSERT_NEAR(y[i], want[i], 2e-5f);
        }
      }
    }
  }
}

TEST(ResizeTaps, WeightsAddUpToOne) {
  for (const Mode mode : {Mode::kLinear, Mode::kCubic}) {
    for (const int64_t output : {1, 3, 10, 25}) {
      const ResizeTaps taps = TapsOf(Axis(10, output, mode));
      for (int64_t o = 0; o < output; ++o) {
        float sum = 0;
        for (size_t t = 0; t < taps.taps; ++t) {
          sum += taps.weight[static_cast<size_t>(o) * taps.taps + t];
        }
        EXPECT_NEAR(sum, 1, 1e-6f);
      }
    }
  }
}

}  // namespace
}  // namespace hone
