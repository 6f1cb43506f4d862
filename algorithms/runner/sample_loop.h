// The loop that every pass shares: samples divided among threads, progress,
// cancelling, the first error.
#ifndef HONE_ALGORITHMS_RUNNER_SAMPLE_LOOP_H_
#define HONE_ALGORITHMS_RUNNER_SAMPLE_LOOP_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// Tells a caller how far a stage is, at most ten times a second and at its end.
struct Progress {
  std::string stage;  // "statistics", "evaluate", ...
  uint64_t done = 0;
  uint64_t total = 0;
  double elapsed_s = 0;
  double eta_s = -1;  // negative: not yet known
};

struct SampleLoop {
  std::string stage;
  int workers = 1;
  const std::atomic<bool>* cancel = nullptr;
  std::function<void(const Progress&)> progress;

  // Calls work(position, worker) once for every position below `count`, in
  // ascending order of start, `workers` at a time: no two calls with the same
  // worker at once. Stops at the first error and returns that of the lowest
  // position. Cancelled.
  absl::Status Run(uint64_t count,
                   absl::FunctionRef<absl::Status(uint64_t, int)> work) const;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_SAMPLE_LOOP_H_
