// A fixed set of threads that share loops.
//
//   ThreadPool pool(2);
//   pool.ParallelFor(rows, [&](int64_t row, int worker) { Work(row,
//   scratch[worker]); });
//
// A loop's division into tasks is the caller's and never depends on the number
// of threads, so results are the same for any number of them. The pool owns
// threads() - 1 threads; the calling thread works too. Idle threads spin for
// some microseconds, then sleep.
#ifndef HONE_KERNELS_THREADS_THREAD_POOL_H_
#define HONE_KERNELS_THREADS_THREAD_POOL_H_

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"

namespace hone {

class ThreadPool {
 public:
  // threads >= 1. With 1 every loop runs in the calling thread and nothing is
  // started.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Calls task(i, worker) once for each i in [0, tasks), worker in [0,
  // threads()): no two calls with the same worker run at once. Returns when all
  // are done. One loop at a time: a call from another thread waits; a nested
  // call from inside a task runs serially.
  void ParallelFor(int64_t tasks, absl::FunctionRef<void(int64_t, int)> task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What the cgroup's CPU quota and the affinity mask allow, at least 1.
int AvailableThreads();

}  // namespace hone

#endif  // HONE_KERNELS_THREADS_THREAD_POOL_H_
