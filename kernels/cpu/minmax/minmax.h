// Least, greatest and sum of the finite elements of a float array, in one pass.
//
//   const FloatRange range = RangeOf(x, n);
//   if (!range.empty()) Use(range.min, range.max, range.AbsMax(), range.sum);
//
// The result is the same on every instruction set: sixteen partial sums in
// float32 over blocks of 1,024 elements, in a fixed order; blocks are added in
// float64. |error of sum| <= 64 eps sum |x|, eps = 2^-24.
#ifndef HONE_KERNELS_CPU_MINMAX_MINMAX_H_
#define HONE_KERNELS_CPU_MINMAX_MINMAX_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/threads/thread_pool.h"

namespace hone {

struct FloatRange {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  double sum = 0;
  uint64_t nan_count = 0;  // left out of the above, as are infinities
  uint64_t inf_count = 0;

  bool empty() const { return !(min <= max); }
  float AbsMax() const { return -min > max ? -min : max; }
  // As if other's elements came after these.
  void Merge(const FloatRange& other);
};

FloatRange RangeOf(const float* x, size_t n);

// The same in several threads, in pieces of 65,536 elements merged in order.
FloatRange RangeOf(ThreadPool& pool, const float* x, size_t n);

// x [outer, channels, inner]; ranges [channels] is overwritten; a channel's
// rows are merged in order.
void RangePerChannel(ThreadPool& pool, const float* x, int64_t outer,
                     int64_t channels, int64_t inner, FloatRange* ranges);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_MINMAX_MINMAX_H_
