#include "algorithms/runner/runner.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/statistics/collector.h"
#include "algorithms/statistics/value_hash.h"
#include "ir/error/error.h"
#include "kernels/threads/mutex.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

double SecondsSince(absl::Time start) {
  return absl::ToDoubleSeconds(absl::Now() - start);
}

absl::Status NameSample(const absl::Status& status, uint64_t sample) {
  if (status.ok() || absl::IsCancelled(status)) return status;
  absl::Status named(status.code(),
                     absl::StrCat("sample ", sample, ": ", status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    named.SetPayload(url, payload);
  });
  return named;
}

// Sources that allow one caller at a time are asked under a lock.
class LockedSource {
 public:
  explicit LockedSource(SampleSource& source)
      : source_(source), locked_(!source.thread_safe()) {}

  absl::StatusOr<std::vector<Value>> Get(uint64_t index) {
    if (!locked_) return source_.Get(index);
    const MutexLock lock(&mutex_);
    return source_.Get(index);
  }

 private:
  SampleSource& source_;
  const bool locked_;
  Mutex mutex_;
};

// What one thread of a pass owns.
struct Worker {
  explicit Worker(int threads) : pool(threads) {}

  ThreadPool pool;
  std::vector<Workspace> workspaces;  // one per plan
  double inference_seconds = 0;
  double tap_seconds = 0;
};

// As many workers as threads, or one with all threads when there are fewer
// samples.
std::vector<std::unique_ptr<Worker>> MakeWorkers(int threads, uint64_t samples,
                                                 uint64_t memory_limit) {
  // With a limit, how much a worker needs is known only when one has run, so
  // one worker does it all.
  const bool shared =
      samples < static_cast<uint64_t>(threads) || memory_limit > 0;
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < (shared ? 1 : threads); ++i) {
    workers.push_back(std::make_unique<Worker>(shared ? threads : 1));
  }
  return workers;
}

absl::StatusOr<std::vector<Value>> RunOne(const Plan& plan,
                                          const StateLoop& state, size_t which,
                                          const std::vector<Value>& inputs,
                                          const RunOptions& options,
                                          Worker& worker) {
  if (worker.workspaces.size() <= which) worker.workspaces.resize(which + 1);
  const absl::Time start = absl::Now();
  absl::StatusOr<std::vector<Value>> outputs =
      state.Run(plan, worker.workspaces[which], inputs, options);
  worker.inference_seconds += SecondsSince(start);
  return outputs;
}

// Hands out results in the order of their positions, however they arrive.
class InOrder {
 public:
  explicit InOrder(
      absl::FunctionRef<absl::Status(const SampleOutputs&)> consume,
      uint64_t window)
      : consume_(consume), window_(window) {}

  // Keeps at most `window` results waiting: the caller whose position is
  // further ahead waits.
  absl::Status Deliver(uint64_t position, SampleOutputs outputs) {
    const MutexLock lock(&mutex_);
    const auto near = [&] { return position < next_ + window_ || stopped_; };
    advanced_.Wait(&mutex_, near);
    if (stopped_) return absl::CancelledError("stopped by another sample");
    waiting_.emplace(position, std::move(outputs));
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      const SampleOutputs ready = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      const absl::Status status = consume_(ready);
      if (!status.ok()) {
        stopped_ = true;
        advanced_.NotifyAll();
        return status;
      }
      ++next_;
      advanced_.NotifyAll();
    }
    return absl::OkStatus();
  }
  void Stop() {
    const MutexLock lock(&mutex_);
    stopped_ = true;
    advanced_.NotifyAll();
  }

 private:
  absl::FunctionRef<absl::Status(const SampleOutputs&)> consume_;
  const uint64_t window_;
  Mutex mutex_;
  ConditionVariable advanced_;  // next_ or stopped_ has changed
  uint64_t next_ = 0;
  bool stopped_ = false;
  std::map<uint64_t, SampleOutputs> waiting_;
};

}  // namespace

Runner::Runner(RunnerOptions options)
    : options_(std::move(options)),
      threads_(options_.threads > 0 ? options_.threads : AvailableThreads()) {}

absl::StatusOr<Statistics> Runner::Collect(const Model& model,
                                           const StatsRequest& request,
                                           SampleSource& source,
                                           absl::Span<const uint64_t> samples) {
  std::vector<std::string> taps;
  std::vector<uint32_t> kinds;
  for (const auto& [value, value_kinds] : request.values()) {
    taps.push_back(value);
    kinds.push_back(value_kinds);
  }
  const auto hashes = HashValues(model);
  for (const std::string& tap : taps) {
    if (!hashes.contains(tap)) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "statistics are wanted of a value that is not there",
                       {.expected = "a value of the graph", .found = tap});
    }
  }
  CompileOptions compile;
  compile.taps = taps;
  for (size_t tap = 0; tap < taps.size(); ++tap) {
    if ((kinds[tap] & (kChannelStats | kLastAxisStats)) == 0) {
      compile.unordered_taps.insert(taps[tap]);
    }
  }
  compile.accelerator = options_.accelerator;
  // A fused sum adds its terms in another order, and a tapped value is never
  // fused away: statistics must not depend on what else is collected.
  compile.no_fuse = {"conv_batch_norm", "conv_bias", "conv_add", "matmul_bias",
                     "hard_swish",      "silu",      "gelu"};
  HONE_ASSIGN_OR_RETURN(const std::shared_ptr<const Plan> plan,
                        Compile(model, compile));
  HONE_ASSIGN_OR_RETURN(const StateLoop state,
                        StateLoop::Of(*plan, options_.state));

  ++passes_;
  LockedSource locked(source);
  auto workers = MakeWorkers(threads_, samples.size(), options_.memory_limit);
  std::vector<std::vector<Collector>> collectors(workers.size());
  for (auto& mine : collectors) {
    for (const uint32_t value_kinds : kinds) mine.emplace_back(value_kinds);
  }
  const SampleLoop loop{"statistics", static_cast<int>(workers.size()),
                        options_.cancel, options_.progress};
  HONE_RETURN_IF_ERROR(loop.Run(samples.size(), [&](uint64_t position, int w) {
    Worker& worker = *workers[w];
    const uint64_t sample = samples[position];
    RunOptions run;
    run.pool = &worker.pool;
    run.cancel = options_.cancel;
    run.memory_limit = options_.memory_limit;
    run.tap = [&](int tap, const TensorView& view) -> absl::Status {
      const absl::Time start = absl::Now();
      if (view.dtype != DType::kF32) {
        return MakeError(absl::StatusCode::kInvalidArgument,
                         "statistics are collected of float32 values",
                         {.node = taps[tap],
                          .expected = "float32",
                          .found = std::string(DTypeName(view.dtype))});
      }
      const absl::Status status = collectors[w][tap].Add(
          sample, view.dims,
          {view.As<float>(), static_cast<size_t>(view.size)});
      worker.tap_seconds += SecondsSince(start);
      return WithNode(status, taps[tap]);
    };
    const absl::StatusOr<std::vector<Value>> inputs = locked.Get(sample);
    if (!inputs.ok()) return NameSample(inputs.status(), sample);
    return NameSample(RunOne(*plan, state, 0, *inputs, run, worker).status(),
                      sample);
  }));

  for (const auto& worker : workers) {
    inference_seconds_ += (worker->inference_seconds - worker->tap_seconds) /
                          static_cast<double>(workers.size());
  }
  Statistics statistics;
  statistics.set_data_identity(source.identity());
  std::vector<uint64_t> seen(samples.begin(), samples.end());
  std::sort(seen.begin(), seen.end());
  statistics.set_samples(std::move(seen));
  for (size_t tap = 0; tap < taps.size(); ++tap) {
    ValueStatistics all = collectors[0][tap].Take();
    for (size_t w = 1; w < collectors.size(); ++w) {
      HONE_RETURN_IF_ERROR(
          WithNode(all.Merge(collectors[w][tap].Take()), taps[tap]));
    }
    statistics.Set(taps[tap], hashes.at(taps[tap]), std::move(all));
  }
  return statistics;
}

absl::Status Runner::Run(
    absl::Span<const std::shared_ptr<const Plan>> plans, SampleSource& source,
    absl::Span<const uint64_t> samples, absl::string_view stage,
    absl::FunctionRef<absl::Status(const SampleOutputs&)> consume) {
  std::vector<StateLoop> states;
  for (const std::shared_ptr<const Plan>& plan : plans) {
    HONE_ASSIGN_OR_RETURN(StateLoop state,
                          StateLoop::Of(*plan, options_.state));
    states.push_back(std::move(state));
  }
  ++passes_;
  LockedSource locked(source);
  auto workers = MakeWorkers(threads_, samples.size(), options_.memory_limit);
  InOrder in_order(consume, 2 * workers.size());
  const SampleLoop loop{std::string(stage), static_cast<int>(workers.size()),
                        options_.cancel, options_.progress};
  const auto work = [&](uint64_t position, int w) -> absl::Status {
    Worker& worker = *workers[w];
    RunOptions run;
    run.pool = &worker.pool;
    run.cancel = options_.cancel;
    run.memory_limit = options_.memory_limit;
    SampleOutputs result;
    result.index = samples[position];
    const absl::StatusOr<std::vector<Value>> inputs = locked.Get(result.index);
    if (!inputs.ok()) return NameSample(inputs.status(), result.index);
    for (size_t m = 0; m < plans.size(); ++m) {
      absl::StatusOr<std::vector<Value>> outputs =
          RunOne(*plans[m], states[m], m, *inputs, run, worker);
      if (!outputs.ok()) return NameSample(outputs.status(), result.index);
      result.outputs.push_back(*std::move(outputs));
    }
    return in_order.Deliver(position, std::move(result));
  };
  const absl::Status status =
      loop.Run(samples.size(), [&](uint64_t position, int w) {
        const absl::Status done = work(position, w);
        if (!done.ok()) in_order.Stop();
        return done;
      });
  for (const auto& worker : workers) {
    inference_seconds_ +=
        worker->inference_seconds / static_cast<double>(workers.size());
  }
  return status;
}

}  // namespace hone
