// Where the greatest or least element along an axis is.
#ifndef HONE_KERNELS_CPU_REDUCE_ARG_REDUCE_H_
#define HONE_KERNELS_CPU_REDUCE_ARG_REDUCE_H_

#include <cstdint>
#include <vector>

#include "kernels/cpu/parallel/parallel.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// x [outer, extent, inner], extent > 0; y [outer, inner]: the index along
// extent. Among equals the first, or the last with `last`. NaN is never found
// unless it comes first.
template <typename T>
void ArgReduce(ThreadPool& pool, const T* x, int64_t outer, int64_t extent,
               int64_t inner, bool greatest, bool last, int64_t* y) {
  ForRanges(
      pool, outer, GrainFor(kLightGrain, extent * inner),
      [&](int64_t begin, int64_t end) {
        for (int64_t o = begin; o < end; ++o) {
          const T* first = x + o * extent * inner;
          int64_t* at = y + o * inner;
          std::vector<T> best(first, first + inner);
          for (int64_t i = 0; i < inner; ++i) at[i] = 0;
          for (int64_t e = 1; e < extent; ++e) {
            const T* row = first + e * inner;
            for (int64_t i = 0; i < inner; ++i) {
              const bool better = greatest
                                      ? row[i] > best[static_cast<size_t>(i)]
                                      : row[i] < best[static_cast<size_t>(i)];
              if (better || (last && row[i] == best[static_cast<size_t>(i)])) {
                best[static_cast<size_t>(i)] = row[i];
                at[i] = e;
              }
            }
          }
        }
      });
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_REDUCE_ARG_REDUCE_H_
