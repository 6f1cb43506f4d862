#include "harness/sweep/pareto.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace hone::harness {
namespace {

using Indices = std::vector<size_t>;

TEST(ParetoTest, KeepsWhatNothingBeats) {
  const std::vector<Point> points = {
      {0.90, 100}, {0.92, 120}, {0.91, 130}, {0.90, 110}, {0.95, 300}};
  EXPECT_EQ(ParetoFront(points, true), (Indices{0, 1, 4}));
}

TEST(ParetoTest, LowerMayBeBetter) {
  EXPECT_EQ(ParetoFront({{1.0, 10}, {0.5, 20}, {0.7, 30}}, false),
            (Indices{0, 1}));
}

TEST(ParetoTest, OfEqualPointsTheFirst) {
  EXPECT_EQ(ParetoFront({{0.9, 10}, {0.9, 10}}, true), (Indices{0}));
  EXPECT_EQ(ParetoFront({{std::nan(""), 5}, {0.9, 10}}, true), (Indices{1}));
  EXPECT_TRUE(ParetoFront({}, true).empty());
}

TEST(ParetoTest, BestIsTheBestValueOrTheSmallestWithinTheBound) {
  const std::vector<Point> points = {{0.90, 100}, {0.92, 120}, {0.95, 300}};
  const Indices front = ParetoFront(points, true);
  EXPECT_EQ(BestPoint(points, front, true, std::nullopt), 2u);
  EXPECT_EQ(BestPoint(points, front, true, 0.915), 1u);
  EXPECT_EQ(BestPoint(points, front, true, 0.1), 0u);
  EXPECT_EQ(BestPoint(points, front, true, 0.99), std::nullopt);
  const std::vector<Point> losses = {{3.0, 10}, {2.0, 20}};
  EXPECT_EQ(BestPoint(losses, ParetoFront(losses, false), false, std::nullopt),
            1u);
  EXPECT_EQ(BestPoint(losses, ParetoFront(losses, false), false, 3.5), 0u);
  EXPECT_EQ(BestPoint({}, {}, true, std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace hone::harness
