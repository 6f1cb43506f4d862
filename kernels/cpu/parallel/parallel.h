// Divides an index range into tasks whose number depends on the work alone.
//
//   ForRanges(pool, n, 16384, [&](int64_t begin, int64_t end) {
//     Work(x + begin, end - begin, y + begin);
//   });
//
// The ranges are the same for any number of threads, so what a range computes
// is too.
#ifndef HONE_KERNELS_CPU_PARALLEL_PARALLEL_H_
#define HONE_KERNELS_CPU_PARALLEL_PARALLEL_H_

#include <algorithm>
#include <cstdint>

#include "kernels/threads/thread_pool.h"

namespace hone {

// Elements of a light operation (an addition, a copy) that are worth a task.
inline constexpr int64_t kLightGrain = 32768;
// The same for a heavy one (an exponential).
inline constexpr int64_t kHeavyGrain = 8192;

// How many items of `cost` elements each make one task of about `elements`.
inline int64_t GrainFor(int64_t elements, int64_t cost) {
  return std::max<int64_t>(1, elements / std::max<int64_t>(1, cost));
}

// Calls f(begin, end) for consecutive ranges that cover [0, n), each of `grain`
// indices but the last. grain >= 1. f may run in several threads at once.
template <typename F>
void ForRanges(ThreadPool& pool, int64_t n, int64_t grain, F&& f) {
  if (n <= 0) return;
  const int64_t tasks = (n + grain - 1) / grain;
  if (tasks == 1) {
    f(int64_t{0}, n);
    return;
  }
  pool.ParallelFor(tasks, [&](int64_t task, int) {
    f(task * grain, std::min(n, (task + 1) * grain));
  });
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_PARALLEL_PARALLEL_H_
