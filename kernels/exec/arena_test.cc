#include "kernels/exec/arena.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

void ExpectDisjoint(const std::vector<Interval>& intervals,
                    const ArenaPlan& plan) {
  for (size_t a = 0; a < intervals.size(); ++a) {
    EXPECT_EQ(plan.offsets[a] % 64, 0u);
    EXPECT_LE(plan.offsets[a] + intervals[a].bytes, plan.bytes);
    for (size_t b = a + 1; b < intervals.size(); ++b) {
      const bool together = intervals[a].first <= intervals[b].last &&
                            intervals[b].first <= intervals[a].last;
      if (!together || intervals[a].bytes == 0 || intervals[b].bytes == 0) {
        continue;
      }
      EXPECT_TRUE(plan.offsets[a] + intervals[a].bytes <= plan.offsets[b] ||
                  plan.offsets[b] + intervals[b].bytes <= plan.offsets[a])
          << a << " and " << b;
    }
  }
}

// The most bytes that are live at one step: no arena can be smaller.
size_t Floor(const std::vector<Interval>& intervals) {
  size_t most = 0;
  for (int step = 0; step < 300; ++step) {
    size_t live = 0;
    for (const Interval& i : intervals) {
      if (i.first <= step && step <= i.last) live += (i.bytes + 63) / 64 * 64;
    }
    most = std::max(most, live);
  }
  return most;
}

TEST(PackIntervals, NothingTakesNothing) {
  EXPECT_EQ(PackIntervals({}).bytes, 0u);
}

TEST(PackIntervals, AChainNeedsTwoBuffers) {
  std::vector<Interval> chain;
  for (int i = 0; i < 20; ++i) chain.push_back({1000, i, i + 1});
  const ArenaPlan plan = PackIntervals(chain);
  ExpectDisjoint(chain, plan);
  EXPECT_EQ(plan.bytes, 2048u);
}

TEST(PackIntervals, AResidualStaysWhileTheBranchRuns) {
  const std::vector<Interval> block = {
      {640, 0, 3}, {6400, 1, 2}, {6400, 2, 3}, {640, 3, 4}};
  const ArenaPlan plan = PackIntervals(block);
  ExpectDisjoint(block, plan);
  EXPECT_EQ(plan.bytes, Floor(block));
}

TEST(PackIntervals, RandomLifetimesNeverOverlapAndStayNearTheFloor) {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<Interval> intervals;
    for (int i = 0; i < 200; ++i) {
      const int first = static_cast<int>(random() % 250);
      intervals.push_back(
          {random() % 5000, first, first + static_cast<int>(random() % 12)});
    }
    const ArenaPlan plan = PackIntervals(intervals);
    ExpectDisjoint(intervals, plan);
    EXPECT_LE(plan.bytes, Floor(intervals) * 5 / 4);
  }
}

}  // namespace
}  // namespace hone
