// Runs a LoopNest's rows in several threads.
//
//   ForNest(pool, nest, kLightGrain,
//           [&](const LoopNest::Offsets& at, int64_t n) { ... n elements ...
//           });
#ifndef HONE_KERNELS_CPU_PARALLEL_PARALLEL_NEST_H_
#define HONE_KERNELS_CPU_PARALLEL_PARALLEL_NEST_H_

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// Calls f(offsets, n) for pieces of rows that cover the nest: n consecutive
// steps of the innermost loop from those offsets. A task has about `grain`
// elements, whatever the number of threads.
template <typename F>
void ForNest(ThreadPool& pool, const LoopNest& nest, int64_t grain, F&& f) {
  const int64_t inner = nest.inner();
  if (inner <= grain) {
    ForRanges(pool, nest.rows(), GrainFor(grain, inner),
              [&](int64_t begin, int64_t end) {
                nest.ForRows(begin, end, [&](const LoopNest::Offsets& at) {
                  f(at, inner);
                });
              });
    return;
  }
  const int64_t pieces = (inner + grain - 1) / grain;
  ForRanges(pool, nest.rows() * pieces, 1, [&](int64_t task, int64_t end) {
    for (; task < end; ++task) {
      const int64_t start = task % pieces * grain;
      nest.ForRows(task / pieces, task / pieces + 1, [&](LoopNest::Offsets at) {
        for (size_t a = 0; a < nest.arrays(); ++a) {
          at[a] += start * nest.inner_stride(a);
        }
        f(static_cast<const LoopNest::Offsets&>(at),
          std::min(grain, inner - start));
      });
    }
  });
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_PARALLEL_PARALLEL_NEST_H_
