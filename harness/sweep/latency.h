// How fast a study's models are, beside the float model.
//
// Measured when every trial is done, by one process at a time: each model's
// rounds are interleaved with the float model's (bench/rounds.h), on samples of
// the eval data. Of every trial are kept, with the role "latency": `ratio` to
// the float model with its 95 % interval, `median_ms` (interval of the rounds'
// medians), `p99_ms`, `min_ms`, and `noise`, the float model beside itself.
#ifndef HONE_HARNESS_SWEEP_LATENCY_H_
#define HONE_HARNESS_SWEEP_LATENCY_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "harness/bench/rounds.h"
#include "harness/progress/progress.h"
#include "harness/store/store.h"

namespace hone::harness {

// Times a model beside the float model.
class LatencyProbe {
 public:
  virtual ~LatencyProbe() = default;
  virtual absl::StatusOr<RoundsResult> Time(const std::string& path) = 0;
  virtual std::string engine() const = 0;
  virtual int64_t threads() const = 0;
};

struct LatencyOptions {
  // Of the float model beside itself; noisier pairs are tried again, and when
  // the study is opened again.
  double max_noise = 0.05;
  int attempts = 3;
  absl::Time deadline = absl::InfiniteFuture();
};

struct LatencyOutcome {
  int64_t measured = 0;
  int64_t noisy = 0;  // trials whose figures the noise may have made
  int64_t left = 0;   // the deadline came first
  double worst_noise = 0;
  double others_cpu = 0;  // the largest share of other processes
};

// Times every done trial that has no figures of this engine, machine and
// number of threads yet, or noisy ones; trials with the same file are timed
// once.
absl::StatusOr<LatencyOutcome> MeasureLatencies(Store& store,
                                                LatencyProbe& probe,
                                                const std::string& folder,
                                                const LatencyOptions& options,
                                                Progress* progress);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_LATENCY_H_
