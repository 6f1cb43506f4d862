// Owns every pass over data: threads, memory, progress, cancelling, and the
// count of passes made.
//
//   Runner runner({.threads = 2});
//   HONE_ASSIGN_OR_RETURN(Statistics stats,
//                         runner.Collect(model, request, source, samples));
//
// Samples are divided among threads, each with a Workspace of its own; results
// do not depend on the number of threads. When the memory limit or the number
// of samples leaves fewer workers than threads, the threads share the work
// inside each sample instead.
#ifndef HONE_ALGORITHMS_RUNNER_RUNNER_H_
#define HONE_ALGORITHMS_RUNNER_RUNNER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "algorithms/runner/sample_loop.h"
#include "algorithms/runner/sample_source.h"
#include "algorithms/runner/state.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/statistics.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"
#include "kernels/exec/plan.h"

namespace hone {

struct RunnerOptions {
  int threads = 0;            // 0: AvailableThreads()
  uint64_t memory_limit = 0;  // bytes of activations of all threads; 0: none
  // Called by one thread at a time, at most ten times a second and at the end
  // of each pass.
  std::function<void(const Progress&)> progress;
  const std::atomic<bool>* cancel = nullptr;
  // Of every model that is run: then a sample is a sequence, see
  // StateLoop::Run.
  std::vector<StateLink> state;
  // Of every model that is evaluated or whose statistics are collected; null:
  // the CPU.
  std::shared_ptr<Accelerator> accelerator;
};

// What one sample gave: outputs[m] are those of plan m, in its order.
struct SampleOutputs {
  uint64_t index = 0;
  std::vector<std::vector<Value>> outputs;
};

class Runner {
 public:
  explicit Runner(RunnerOptions options);

  // One pass over `samples` (indices into the source, no two equal) that
  // collects what is asked. InvalidArgument: a wanted value is not in the graph
  // or is no float tensor, or a sample does not fit the model; the message
  // names the sample. Cancelled. ResourceExhausted: one worker alone needs more
  // than the memory limit.
  absl::StatusOr<Statistics> Collect(const Model& model,
                                     const StatsRequest& request,
                                     SampleSource& source,
                                     absl::Span<const uint64_t> samples);

  // One pass that runs every plan on every sample and hands the outputs to
  // `consume` in the order of `samples`, one call at a time. An error of
  // consume stops the pass and is returned.
  absl::Status Run(
      absl::Span<const std::shared_ptr<const Plan>> plans, SampleSource& source,
      absl::Span<const uint64_t> samples, absl::string_view stage,
      absl::FunctionRef<absl::Status(const SampleOutputs&)> consume);

  int threads() const { return threads_; }
  // Passes over data begun so far.
  int passes() const { return passes_; }
  // Seconds spent inside Plan::Run, summed over threads and divided by their
  // number: what bare inference of the same samples took.
  double inference_seconds() const { return inference_seconds_; }
  const RunnerOptions& options() const { return options_; }

 private:
  RunnerOptions options_;
  int threads_;
  int passes_ = 0;
  double inference_seconds_ = 0;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_RUNNER_H_
