#include "harness/sweep/trials.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
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
      absl::MutexLock lock(&mutex_);
      stop_ = true;
    }
    thread_.join();
  }

 private:
  void Beat() {
    absl::MutexLock lock(&mutex_);
    const auto stopped = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stop_;
    };
    while (!mutex_.AwaitWithTimeout(absl::Condition(&stopped),
                                    absl::Seconds(kLeaseSeconds / 4))) {
      // A lost lease shows when the trial is finished.
      const auto store = Store::OpenExisting(path_);
      if (store.ok()) (*store)->Renew(claim_).IgnoreError();
    }
  }

  const std::string path_;
  const Claim claim_;
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Whether the error is about this run rather than about the trial.
bool EndsTheRun(const absl::Status& status) {
  const std::string code = FailureOf(status).code;
  return code == "cancelled" || code == "limit" || code == "io" ||
         code == "internal";
}

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

}  // namespace

std::string ArtifactPath(const std::string& folder, const Artifact& artifact) {
  if (absl::StartsWith(artifact.path, "/")) return artifact.path;
  return absl::StrCat(folder, "/", artifact.path);
}

absl::StatusOr<TrialsOutcome> RunTrials(Store& store, TrialWorker& worker,
                                        const std::string& folder,
                                        absl::Time deadline,
                                        int64_t later_steps,
                                        Progress* progress) {
  HARNESS_RETURN_IF_ERROR(MakeFolder(folder + "/artifacts"));
  RemoveLeftovers(folder);
  RemoveLeftovers(folder + "/artifacts");
  const std::string owner = ProcessIdentity();
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Trial> trials, store.Trials());
  const int64_t total = static_cast<int64_t>(trials.size());
  absl::Duration longest = absl::ZeroDuration();
  TrialsOutcome outcome;
  while (true) {
    HARNESS_ASSIGN_OR_RETURN(const int64_t done, store.Count("done"));
    HARNESS_ASSIGN_OR_RETURN(const int64_t failed, store.Count("failed"));
    outcome.left = total - done - failed;
    if (outcome.left == 0) return outcome;
    const absl::Time start = absl::Now();
    if (start + longest > deadline) {
      outcome.out_of_time = true;
      return outcome;
    }
    HARNESS_ASSIGN_OR_RETURN(const std::optional<Claim> claim,
                             store.ClaimNext(owner));
    if (!claim.has_value()) {
      // Other processes have the rest; theirs comes to us if they die.
      progress->Overall(done + failed, total + later_steps,
                        "waiting for other processes");
      absl::SleepFor(absl::Milliseconds(200));
      continue;
    }
    progress->Overall(done + failed, total + later_steps,
                      absl::StrCat("trial ", claim->trial, " of ", total - 1,
                                   ": ", claim->label));
    const absl::Status status = RunTrial(store, worker, folder, *claim);
    longest = std::max(longest, absl::Now() - start);
    if (status.ok()) continue;
    if (absl::IsFailedPrecondition(status)) {
      progress->Warning(status.message());
      continue;
    }
    // Without the float model there is nothing to compare with.
    if (EndsTheRun(status) || claim->trial == 0) {
      store.Release(*claim).IgnoreError();
      return status;
    }
    progress->Warning(absl::StrCat("trial ", claim->trial, " (", claim->label,
                                   ") failed: ", status.message()));
    HARNESS_RETURN_IF_ERROR(store.Fail(*claim, std::string(status.message())));
  }
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
