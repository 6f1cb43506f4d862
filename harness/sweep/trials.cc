#include "harness/sweep/trials.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/machine/machine.h"

namespace hone::harness {
namespace {

// Puts off the lease's end while a trial runs, over a connection of its own: a
// transaction belongs to a connection.
class Heartbeat {
 public:
  Heartbeat(const std::string& path, Claim claim)
      : path_(path), claim_(std::move(claim)), thread_([this] { Beat(); }) {}
  ~Heartbeat() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    stopping_.notify_all();
    thread_.join();
  }

 private:
  void Beat() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_.wait_for(lock,
                               std::chrono::duration<double>(kLeaseSeconds / 4),
                               [this] { return stop_; })) {
      // A lost lease shows when the trial is finished.
      const auto store = Store::OpenExisting(path_);
      if (store.ok()) (*store)->Renew(claim_).IgnoreError();
    }
  }

  const std::string path_;
  const Claim claim_;
  // Not absl::Mutex: ThreadSanitizer does not see into Debian's library.
  std::mutex mutex_;  // guards stop_
  bool stop_ = false;
  std::condition_variable stopping_;
  std::thread thread_;
};

absl::StatusOr<Artifact> Keep(const std::string& folder,
                              const std::string& bytes) {
  Artifact artifact;
  artifact.sha256 = Sha256(bytes);
  artifact.path = absl::StrCat("artifacts/", artifact.sha256, ".onnx");
  artifact.size_bytes = static_cast<int64_t>(bytes.size());
  const std::string path = ArtifactPath(folder, artifact);
  // WriteFile leaves whole files only, so one that is there is right.
  if (!Exists(path)) HARNESS_RETURN_IF_ERROR(WriteFile(path, bytes));
  return artifact;
}

absl::Status RunTrial(Store& store, TrialWorker& worker,
                      const std::string& folder, const Claim& claim) {
  const Heartbeat heartbeat(store.path(), claim);
  Artifact artifact;
  std::string detail = "{}";
  if (claim.trial == 0) {
    HARNESS_ASSIGN_OR_RETURN(artifact, worker.Float());
  } else {
    HARNESS_ASSIGN_OR_RETURN(TrialWorker::Built built,
                             worker.Build(claim.config));
    HARNESS_ASSIGN_OR_RETURN(artifact, Keep(folder, built.bytes));
    detail = std::move(built.detail);
  }
  HARNESS_ASSIGN_OR_RETURN(std::vector<Measurement> measured,
                           store.MeasurementsOf(artifact.sha256, "eval"));
  if (measured.empty()) {
    HARNESS_ASSIGN_OR_RETURN(
        measured, worker.Measure(ArtifactPath(folder, artifact), "eval"));
  }
  return store.Finish(claim, artifact, detail, measured);
}

// What the threads of one run share.
class Team {
 public:
  Team(const TrialsOptions& options, Progress* progress)
      : options_(options), progress_(progress), owner_(ProcessIdentity()) {}

  // One thread's work, over its own connection.
  void Work(Store& store, TrialWorker& worker) {
    const absl::Status status = Loop(store, worker);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!status.ok() && status_.ok()) status_ = status;
    stop_ = stop_ || !status.ok();
  }

  absl::StatusOr<TrialsOutcome> Outcome() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.ok()) return status_;
    return outcome_;
  }

 private:
  absl::Status Loop(Store& store, TrialWorker& worker) {
    while (true) {
      HARNESS_ASSIGN_OR_RETURN(const bool go_on, Step(store, worker));
      if (!go_on) return absl::OkStatus();
    }
  }

  // False when this thread has nothing more to do.
  absl::StatusOr<bool> Step(Store& store, TrialWorker& worker) {
    HARNESS_ASSIGN_OR_RETURN(const int64_t done, store.Count("done"));
    HARNESS_ASSIGN_OR_RETURN(const int64_t failed, store.Count("failed"));
    HARNESS_ASSIGN_OR_RETURN(const int64_t pending, store.Count("pending"));
    HARNESS_ASSIGN_OR_RETURN(const int64_t running, store.Count("running"));
    const int64_t total = done + failed + pending + running;
    absl::Duration longest;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (stop_) return false;
      outcome_.left = pending + running;
      longest = longest_;
    }
    if (pending + running == 0) return AskForMore(store);
    const absl::Time start = absl::Now();
    if (start + longest > options_.deadline) {
      const std::lock_guard<std::mutex> lock(mutex_);
      outcome_.out_of_time = true;
      return false;
    }
    HARNESS_ASSIGN_OR_RETURN(const std::optional<Claim> claim,
                             store.ClaimNext(owner_));
    if (!claim.has_value()) {
      // Others have the rest; a dead process's comes to us.
      if (busy_ == 0) {
        progress_->Overall(done + failed, total + options_.later_steps,
                           "waiting for other processes");
      }
      absl::SleepFor(absl::Milliseconds(50));
      return true;
    }
    progress_->Overall(done + failed, total + options_.later_steps,
                       absl::StrCat("trial ", claim->trial, " of ", total - 1,
                                    ": ", claim->label));
    ++busy_;
    const absl::Status status =
        RunTrial(store, worker, options_.folder, *claim);
    --busy_;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      longest_ = std::max(longest_, absl::Now() - start);
    }
    if (status.ok()) return true;
    if (absl::IsFailedPrecondition(status)) {
      progress_->Warning(status.message());
      return true;
    }
    // Without the float model there is nothing to compare with.
    if (EndsTheRun(status) || claim->trial == 0) {
      store.Release(*claim).IgnoreError();
      return status;
    }
    progress_->Warning(absl::StrCat("trial ", claim->trial, " (", claim->label,
                                    ") failed: ", status.message()));
    HARNESS_RETURN_IF_ERROR(store.Fail(*claim, std::string(status.message())));
    return true;
  }

  absl::StatusOr<bool> AskForMore(Store& store) {
    if (!options_.more) return false;
    const std::lock_guard<std::mutex> lock(more_mutex_);
    {
      const std::lock_guard<std::mutex> state(mutex_);
      if (stop_) return false;
      if (absl::Now() + longest_ > options_.deadline) {
        outcome_.out_of_time = true;
        return false;
      }
    }
    HARNESS_ASSIGN_OR_RETURN(const std::vector<Trial> trials, store.Trials());
    // Another thread may have asked meanwhile.
    const auto open = [](const Trial& trial) {
      return trial.state == "pending" || trial.state == "running";
    };
    if (std::any_of(trials.begin(), trials.end(), open)) return true;
    HARNESS_ASSIGN_OR_RETURN(const std::vector<NewTrial> more,
                             options_.more(store, trials));
    if (more.empty()) return false;
    HARNESS_RETURN_IF_ERROR(store.Append(more, trials.size()).status());
    return true;
  }

  const TrialsOptions& options_;
  Progress* const progress_;
  const std::string owner_;
  std::atomic<int> busy_{0};  // threads of ours that have a trial
  std::mutex more_mutex_;
  std::mutex mutex_;  // guards what follows
  absl::Duration longest_ = absl::ZeroDuration();
  bool stop_ = false;
  absl::Status status_;
  TrialsOutcome outcome_;
};

}  // namespace

bool EndsTheRun(const absl::Status& status) {
  const std::string code = FailureOf(status).code;
  return code == "cancelled" || code == "limit" || code == "io" ||
         code == "internal";
}

std::string ArtifactPath(const std::string& folder, const Artifact& artifact) {
  if (absl::StartsWith(artifact.path, "/")) return artifact.path;
  return absl::StrCat(folder, "/", artifact.path);
}

absl::StatusOr<TrialsOutcome> RunTrials(
    Store& store, const std::vector<TrialWorker*>& workers,
    const TrialsOptions& options, Progress* progress) {
  HARNESS_RETURN_IF_ERROR(MakeFolder(options.folder + "/artifacts"));
  RemoveLeftovers(options.folder);
  RemoveLeftovers(options.folder + "/artifacts");
  Team team(options, progress);
  std::vector<std::unique_ptr<Store>> stores;
  for (size_t i = 1; i < workers.size(); ++i) {
    HARNESS_ASSIGN_OR_RETURN(std::unique_ptr<Store> own,
                             Store::OpenExisting(store.path()));
    stores.push_back(std::move(own));
  }
  std::vector<std::thread> threads;
  for (size_t i = 1; i < workers.size(); ++i) {
    threads.emplace_back([&team, &stores, &workers, i] {
      team.Work(*stores[i - 1], *workers[i]);
    });
  }
  team.Work(store, *workers[0]);
  for (std::thread& thread : threads) thread.join();
  return team.Outcome();
}

absl::Status MeasureOnTest(Store& store, TrialWorker& worker,
                           const std::string& folder,
                           const std::vector<int64_t>& trials,
                           Progress* progress) {
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Trial> all, store.Trials());
  int64_t step = 0;
  for (const int64_t id : trials) {
    const Trial& trial = all[static_cast<size_t>(id)];
    progress->Overall(static_cast<int64_t>(all.size()) + step++,
                      static_cast<int64_t>(all.size() + trials.size()),
                      absl::StrCat("test figures of trial ", id));
    const bool have =
        std::any_of(trial.measurements.begin(), trial.measurements.end(),
                    [](const Measurement& m) { return m.role == "test"; });
    if (have || !trial.artifact.has_value()) continue;
    HARNESS_ASSIGN_OR_RETURN(
        std::vector<Measurement> measured,
        store.MeasurementsOf(trial.artifact->sha256, "test"));
    if (measured.empty()) {
      HARNESS_ASSIGN_OR_RETURN(
          measured,
          worker.Measure(ArtifactPath(folder, *trial.artifact), "test"));
    }
    HARNESS_RETURN_IF_ERROR(store.AddMeasurements(id, measured));
  }
  return absl::OkStatus();
}

}  // namespace hone::harness
