#include "kernels/exec/arena.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace hone {
namespace {

constexpr size_t kAlignment = 64;

size_t RoundUp(size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

ArenaPlan PackIntervals(absl::Span<const Interval> intervals) {
  ArenaPlan plan;
  plan.offsets.assign(intervals.size(), 0);
  std::vector<size_t> by_size(intervals.size());
  std::iota(by_size.begin(), by_size.end(), 0);
  std::sort(by_size.begin(), by_size.end(), [&](size_t a, size_t b) {
    if (intervals[a].bytes != intervals[b].bytes) {
      return intervals[a].bytes > intervals[b].bytes;
    }
    return a < b;
  });

  std::vector<size_t> placed;  // indices, by offset
  for (const size_t current : by_size) {
    const Interval& wanted = intervals[current];
    const size_t bytes = RoundUp(wanted.bytes);
    if (bytes == 0) continue;
    size_t best = SIZE_MAX;
    size_t best_gap = SIZE_MAX;
    size_t end = 0;  // of the live buffers below
    for (const size_t other : placed) {
      const Interval& there = intervals[other];
      if (there.last < wanted.first || wanted.last < there.first) continue;
      const size_t offset = plan.offsets[other];
      if (offset > end && offset - end >= bytes && offset - end < best_gap) {
        best = end;
        best_gap = offset - end;
      }
      end = std::max(end, offset + RoundUp(there.bytes));
    }
    if (best == SIZE_MAX) best = end;
    plan.offsets[current] = best;
    plan.bytes = std::max(plan.bytes, best + bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), current,
                                   [&](size_t a, size_t b) {
                                     return plan.offsets[a] < plan.offsets[b];
                                   }),
                  current);
  }
  return plan;
}

}  // namespace hone
