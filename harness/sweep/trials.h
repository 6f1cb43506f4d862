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

// `folder` is the study's; artifacts go to folder/artifacts/SHA256.onnx. No
// trial is begun that would end after `deadline`, by the longest one so far. A
// trial that cannot be made or measured fails and is recorded; a cancelled
// one, and one that a limit of this machine stopped, is given back and ends the
// work with its error. `later_steps` is what the progress counts besides.
absl::StatusOr<TrialsOutcome> RunTrials(Store& store, TrialWorker& worker,
                                        const std::string& folder,
                                        absl::Time deadline,
                                        int64_t later_steps,
                                        Progress* progress);

// Measures these trials (which must be done) on the test data, unless they, or
// one with the same file, have been.
absl::Status MeasureOnTest(Store& store, TrialWorker& worker,
                           const std::string& folder,
                           const std::vector<int64_t>& trials,
                           Progress* progress);

// Where an artifact is.
std::string ArtifactPath(const std::string& folder, const Artifact& artifact);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_TRIALS_H_
