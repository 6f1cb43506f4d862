#include "algorithms/runner/sample_loop.h"

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "kernels/threads/mutex.h"

namespace hone {
namespace {

constexpr double kSecondsBetweenReports = 0.1;

class Reporter {
 public:
  Reporter(const SampleLoop& loop, uint64_t total)
      : loop_(loop), total_(total), start_(absl::Now()) {}

  void Done() {
    if (!loop_.progress) return;
    const MutexLock lock(&mutex_);
    ++done_;
    const absl::Time now = absl::Now();
    const double elapsed = absl::ToDoubleSeconds(now - start_);
    if (done_ < total_ && elapsed - reported_ < kSecondsBetweenReports) return;
    reported_ = elapsed;
    Progress progress;
    progress.stage = loop_.stage;
    progress.done = done_;
    progress.total = total_;
    progress.elapsed_s = elapsed;
    progress.eta_s = elapsed / done_ * (total_ - done_);
    loop_.progress(progress);
  }

 private:
  const SampleLoop& loop_;
  const uint64_t total_;
  const absl::Time start_;
  Mutex mutex_;
  uint64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  double reported_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

absl::Status SampleLoop::Run(
    uint64_t count, absl::FunctionRef<absl::Status(uint64_t, int)> work) const {
  Reporter reporter(*this, count);
  std::atomic<uint64_t> next{0};
  std::atomic<bool> failed{false};
  Mutex mutex;
  absl::Status first;
  uint64_t first_position = count;

  const auto body = [&](int worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      const uint64_t position = next.fetch_add(1);
      if (position >= count) return;
      absl::Status status;
      if (cancel != nullptr && cancel->load(std::memory_order_relaxed)) {
        status = absl::CancelledError("cancelled by the caller");
      } else {
        status = work(position, worker);
      }
      if (!status.ok()) {
        failed.store(true);
        const MutexLock lock(&mutex);
        // Workers that another one's error stopped say Cancelled; the cause
        // counts.
        const bool cause = !absl::IsCancelled(status);
        if (first.ok() || (cause && (absl::IsCancelled(first) ||
                                     position < first_position))) {
          first = std::move(status);
          first_position = position;
        }
        return;
      }
      reporter.Done();
    }
  };
  if (workers <= 1) {
    body(0);
  } else {
    ThreadPool pool(workers);
    pool.ParallelFor(workers,
                     [&](int64_t task, int) { body(static_cast<int>(task)); });
  }
  return first;
}

}  // namespace hone
