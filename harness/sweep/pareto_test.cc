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

Point Timed(double value, uint64_t size, double low, double high) {
  Point point;
  point.value = value;
  point.size = size;
  point.latency_low = low;
  point.latency_high = high;
  return point;
}

TEST(ParetoTest, AFasterModelStaysThoughItIsLarger) {
  EXPECT_EQ(ParetoFront({Timed(0.9, 100, 0.9, 1.0), Timed(0.9, 200, 0.4, 0.5),
                         Timed(0.9, 300, 0.6, 0.7)},
                        true),
            (std::vector<size_t>{0, 1}));
}

TEST(ParetoTest, WithinTheNoiseNothingIsFaster) {
  EXPECT_EQ(ParetoFront({Timed(0.9, 100, 0.9, 1.0), Timed(0.9, 200, 0.8, 0.95)},
                        true),
            (std::vector<size_t>{0}));
  // Alike in all three: the first.
  EXPECT_EQ(ParetoFront({Timed(0.9, 100, 0.9, 1.0), Timed(0.9, 100, 0.8, 0.95)},
                        true),
            (std::vector<size_t>{0}));
}

TEST(ParetoTest, WhatWasNotTimedIsNeitherFasterNorSlower) {
  EXPECT_EQ(
      ParetoFront(
          {{0.9, 100}, Timed(0.9, 200, 0.1, 0.2), Timed(0.95, 300, 0.1, 0.2)},
          true),
      (std::vector<size_t>{0, 2}));
}

TEST(ParetoTest, AmongManyOnlyUnbeatenPointsStay) {
  std::vector<Point> points;
  uint64_t state = 3;
  const auto next = [&state] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 60;
  };
  for (int i = 0; i < 200; ++i) {
    const double low = static_cast<double>(next());
    points.push_back(Timed(static_cast<double>(next()), next(), low, low + 2));
  }
  const std::vector<size_t> front = ParetoFront(points, true);
  ASSERT_FALSE(front.empty());
  for (const size_t a : front) {
    for (const size_t b : front) {
      if (a == b) continue;
      const bool dominates = points[a].value >= points[b].value &&
                             points[a].size <= points[b].size &&
                             points[a].latency_high < points[b].latency_low;
      EXPECT_FALSE(dominates) << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace hone::harness
