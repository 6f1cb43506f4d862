// Works through a study's trials until none is left.
#ifndef HONE_HARNESS_SWEEP_TRIALS_H_
#define HONE_HARNESS_SWEEP_TRIALS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "harness/progress/progress.h"
#include "harness/store/store.h"

namespace hone::harness {

// What makes and measures models.
class TrialWorker {
 public:
  virtual ~TrialWorker() = default;
  struct Built {
    std::string bytes;   // of the ONNX file
    std::string detail;  // JSON: {"nodes": [...], ...}
  };
  // Quantizes with the options of `config` (JSON). The same config gives the
  // same bytes.
  virtual absl::StatusOr<Built> Build(const std::string& config) = 0;
  // The float model, which is trial 0.
  virtual absl::StatusOr<Artifact> Float() = 0;
  // Every metric of the study. `path` is an ONNX file, `role` eval or test.
  virtual absl::StatusOr<std::vector<Measurement>> Measure(
      const std::string& path, const std::string& role) = 0;
};

struct TrialsOutcome {
  bool out_of_time = false;
  int64_t left = 0;  // trials that are not done
};

// The seam of searches that decide by what they have seen: asked whenever no
// trial is left to do, with all trials so far. What it answers is appended to
// the study; nothing ends the search. Called by one thread at a time, with that
// thread's connection to the store, and not when it is later than the deadline.
using MoreTrials = std::function<absl::StatusOr<std::vector<NewTrial>>(
    Store& store, const std::vector<Trial>& trials)>;

struct TrialsOptions {
  std::string folder;  // the study's; artifacts go to folder/artifacts
  // No trial is begun that would end later, by the longest one so far.
  absl::Time deadline = absl::InfiniteFuture();
  int64_t later_steps = 0;  // what the progress counts besides
  MoreTrials more;          // may be null
};

// As many trials at once as there are workers, each used by one thread; the
// float model is done before any other. A trial that cannot be made or measured
// fails and is recorded; a cancelled one, and one that a limit of this machine
// stopped, is given back and ends the work with its error.
absl::StatusOr<TrialsOutcome> RunTrials(
    Store& store, const std::vector<TrialWorker*>& workers,
    const TrialsOptions& options, Progress* progress);

// Measures these trials (which must be done) on the test data, unless they, or
// one with the same file, have been.
absl::Status MeasureOnTest(Store& store, TrialWorker& worker,
                           const std::string& folder,
                           const std::vector<int64_t>& trials,
                           Progress* progress);

// Whether an error is about this run (a cancelled one, a limit of the machine)
// rather than about a trial.
bool EndsTheRun(const absl::Status& status);

// Where an artifact is.
std::string ArtifactPath(const std::string& folder, const Artifact& artifact);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_TRIALS_H_
