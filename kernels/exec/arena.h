// Places buffers of known size and lifetime in one block of memory.
#ifndef HONE_KERNELS_EXEC_ARENA_H_
#define HONE_KERNELS_EXEC_ARENA_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

namespace hone {

// A buffer that is live from step `first` to step `last`, both included.
struct Interval {
  size_t bytes = 0;
  int first = 0;
  int last = 0;
};

struct ArenaPlan {
  std::vector<size_t> offsets;  // one per interval, multiples of 64
  size_t bytes = 0;             // of the whole block
};

// Intervals that share a step get disjoint places. Greedy by size (Pisarchyk
// and Lee 2020, arXiv:2001.03288, sec. 5.2): the largest first, each into the
// tightest gap between the buffers already placed that are live at the same
// time. Requires every size, and their sum, to be below 2^62.
ArenaPlan PackIntervals(absl::Span<const Interval> intervals);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_ARENA_H_
