#include "harness/sweep/latency.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "harness/bench/order_statistics.h"
#include "harness/error/error.h"
#include "harness/machine/machine.h"
#include "harness/sweep/trials.h"

namespace hone::harness {
namespace {

constexpr char kRole[] = "latency";

// One process at a time measures; the lock goes with the process.
class FileLock {
 public:
  static absl::StatusOr<std::unique_ptr<FileLock>> Take(
      const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return IoError(path, "cannot open", errno);
    while (flock(fd, LOCK_EX) != 0) {
      if (errno == EINTR) continue;
      const int error = errno;
      close(fd);
      return IoError(path, "cannot lock", error);
    }
    return std::unique_ptr<FileLock>(new FileLock(fd));
  }
  ~FileLock() { close(fd_); }

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  const int fd_;
};

class Latencies {
 public:
  Latencies(Store& store, LatencyProbe& probe, const std::string& folder,
            const LatencyOptions& options, Progress* progress)
      : store_(store),
        probe_(probe),
        folder_(folder),
        options_(options),
        progress_(progress),
        machine_(MachineName()),
        instruction_set_(InstructionSet()) {}

  absl::StatusOr<LatencyOutcome> Run() {
    HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock,
                             FileLock::Take(folder_ + "/latency.lock"));
    HARNESS_ASSIGN_OR_RETURN(const std::vector<Trial> trials, store_.Trials());
    int64_t step = 0;
    for (const Trial& trial : trials) {
      ++step;
      if (trial.id == 0 || trial.state != "done" ||
          !trial.artifact.has_value()) {
        continue;
      }
      const std::string& sha256 = trial.artifact->sha256;
      const auto earlier = done_.find(sha256);
      if (earlier != done_.end()) {
        HARNESS_RETURN_IF_ERROR(
            store_.AddMeasurements(trial.id, earlier->second));
        continue;
      }
      if (Has(trial)) {
        done_[sha256] = Of(trial);
        continue;
      }
      if (absl::Now() > options_.deadline) {
        ++outcome_.left;
        continue;
      }
      progress_->Overall(step - 1, static_cast<int64_t>(trials.size()),
                         absl::StrCat("latency of trial ", trial.id));
      HARNESS_RETURN_IF_ERROR(Measure(trial));
    }
    return outcome_;
  }

 private:
  static std::vector<Measurement> Of(const Trial& trial) {
    std::vector<Measurement> out;
    for (const Measurement& m : trial.measurements) {
      if (m.role == kRole) out.push_back(m);
    }
    return out;
  }

  // Whether the trial has good figures that were made as they would be now.
  bool Has(const Trial& trial) const {
    bool ratio = false, quiet = false;
    for (const Measurement& m : Of(trial)) {
      if (m.engine != probe_.engine() || m.machine != machine_ ||
          m.instruction_set != instruction_set_ ||
          m.threads != probe_.threads()) {
        return false;
      }
      ratio = ratio || m.metric == "ratio";
      quiet = quiet || (m.metric == "noise" && m.value <= options_.max_noise);
    }
    return ratio && quiet;
  }

  Measurement Make(const std::string& metric, const Interval& interval,
                   size_t samples) const {
    Measurement m;
    m.role = kRole;
    m.metric = metric;
    m.value = interval.value;
    m.low = interval.low;
    m.high = interval.high;
    m.samples = static_cast<int64_t>(samples);
    m.engine = probe_.engine();
    m.machine = machine_;
    m.instruction_set = instruction_set_;
    m.threads = probe_.threads();
    return m;
  }

  std::vector<Measurement> Figures(const Timing& timing,
                                   const RoundsResult& rounds) const {
    const size_t runs = timing.runs_ms.size();
    const Interval rows = MedianInterval(timing.round_ms);
    const auto exactly = [](double x) { return Interval{x, x, x}; };
    return {Make("median_ms", {timing.median_ms, rows.low, rows.high}, runs),
            Make("p99_ms", exactly(timing.p99_ms), runs),
            Make("min_ms", exactly(timing.min_ms), runs),
            Make("ratio", timing.ratio, timing.round_ms.size()),
            Make("noise", exactly(rounds.noise), timing.round_ms.size())};
  }

  absl::Status Measure(const Trial& trial) {
    const std::string path = ArtifactPath(folder_, *trial.artifact);
    RoundsResult best;
    for (int attempt = 0; attempt < options_.attempts; ++attempt) {
      HARNESS_ASSIGN_OR_RETURN(RoundsResult rounds, probe_.Time(path));
      outcome_.others_cpu = std::max(outcome_.others_cpu, rounds.others_cpu);
      if (attempt == 0 || rounds.noise < best.noise) best = std::move(rounds);
      if (best.noise <= options_.max_noise || absl::Now() > options_.deadline) {
        break;
      }
    }
    ++outcome_.measured;
    outcome_.noisy += best.noise > options_.max_noise;
    outcome_.worst_noise = std::max(outcome_.worst_noise, best.noise);
    const std::vector<Measurement> figures = Figures(best.timings[1], best);
    done_[trial.artifact->sha256] = figures;
    HARNESS_RETURN_IF_ERROR(store_.AddMeasurements(trial.id, figures));
    // The quietest rounds stand for the float model.
    if (best.noise < float_noise_) {
      float_noise_ = best.noise;
      HARNESS_RETURN_IF_ERROR(
          store_.AddMeasurements(0, Figures(best.timings[0], best)));
    }
    return absl::OkStatus();
  }

  Store& store_;
  LatencyProbe& probe_;
  const std::string& folder_;
  const LatencyOptions& options_;
  Progress* const progress_;
  const std::string machine_, instruction_set_;
  std::map<std::string, std::vector<Measurement>> done_;  // by sha256
  double float_noise_ = 1e300;
  LatencyOutcome outcome_;
};

}  // namespace

absl::StatusOr<LatencyOutcome> MeasureLatencies(Store& store,
                                                LatencyProbe& probe,
                                                const std::string& folder,
                                                const LatencyOptions& options,
                                                Progress* progress) {
  return Latencies(store, probe, folder, options, progress).Run();
}

}  // namespace hone::harness
