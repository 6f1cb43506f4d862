#include "kernels/cpu/loop_nest/loop_nest.h"

#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

// The offsets of one array in the order of visits.
std::vector<int64_t> Visits(const LoopNest& nest, size_t array) {
  std::vector<int64_t> visits;
  nest.ForRows(0, nest.rows(), [&](const LoopNest::Offsets& at) {
    for (int64_t i = 0; i < nest.inner(); ++i) {
      visits.push_back(at[array] + i * nest.inner_stride(array));
    }
  });
  return visits;
}

TEST(LoopNest, VisitsATransposedMatrix) {
  const LoopNest nest({3, 2}, {RowMajorStrides({3, 2}), {1, 3}});
  EXPECT_EQ(Visits(nest, 0), (std::vector<int64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(Visits(nest, 1), (std::vector<int64_t>{0, 3, 1, 4, 2, 5}));
}

TEST(LoopNest, CoalescesWhatEveryArrayStepsThroughAsOne) {
  LoopNest nest({2, 1, 3, 4}, {RowMajorStrides({2, 1, 3, 4}),
                               BroadcastStrides({3, 4}, {2, 1, 3, 4})});
  const std::vector<int64_t> before = Visits(nest, 1);
  nest.Coalesce();
  EXPECT_EQ(nest.loops(), 2u);
  EXPECT_EQ(nest.inner(), 12);
  EXPECT_EQ(Visits(nest, 1), before);
}

TEST(LoopNest, BroadcastKeepsStrideZeroWhereOneArrayStandsStill) {
  LoopNest nest({2, 5, 7}, {RowMajorStrides({2, 5, 7}),
                            BroadcastStrides({5, 1}, {2, 5, 7})});
  nest.Coalesce();
  EXPECT_EQ(nest.loops(), 3u);
  EXPECT_EQ(nest.inner_stride(1), 0);
}

TEST(LoopNest, RowsCanBeVisitedInParts) {
  const LoopNest nest({3, 2, 2}, {RowMajorStrides({3, 2, 2}), {2, -1, 8}});
  std::vector<int64_t> whole, parts;
  auto into = [](std::vector<int64_t>& list) {
    return [&list](const LoopNest::Offsets& at) { list.push_back(at[1]); };
  };
  nest.ForRows(0, 6, into(whole));
  nest.ForRows(0, 1, into(parts));
  nest.ForRows(1, 4, into(parts));
  nest.ForRows(4, 6, into(parts));
  EXPECT_EQ(whole, parts);
}

TEST(LoopNest, EmptyAndScalar) {
  LoopNest empty({2, 0, 3}, {RowMajorStrides({2, 0, 3})});
  EXPECT_EQ(empty.rows(), 0);
  empty.Coalesce();
  EXPECT_EQ(empty.rows(), 0);
  LoopNest inner_empty({2, 0}, {RowMajorStrides({2, 0})});
  EXPECT_EQ(inner_empty.rows(), 0);
  LoopNest scalar({}, {Extents{}});
  scalar.Coalesce();
  EXPECT_EQ(Visits(scalar, 0), std::vector<int64_t>{0});
}

TEST(LoopNest, BroadcastsTo) {
  EXPECT_TRUE(BroadcastsTo({}, {2, 3}));
  EXPECT_TRUE(BroadcastsTo({1, 3}, {2, 3}));
  EXPECT_FALSE(BroadcastsTo({2}, {2, 3}));
  EXPECT_FALSE(BroadcastsTo({1, 2, 3}, {2, 3}));
}

}  // namespace
}  // namespace hone
