// Trials over the C ABI: one statistics pass, kept in the study's folder, then
// quantization by statistics and evaluation.
#ifndef HONE_HARNESS_SWEEP_ABI_WORKER_H_
#define HONE_HARNESS_SWEEP_ABI_WORKER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/data/bound_data.h"
#include "harness/progress/progress.h"
#include "harness/sweep/trials.h"

namespace hone::harness {

class AbiWorker : public TrialWorker {
 public:
  struct Settings {
    hone_context* context = nullptr;
    const hone_model* model = nullptr;
    std::string model_path;
    std::string model_sha256;
    std::shared_ptr<const BoundData> data, eval, test;
    std::string data_identity;
    std::vector<std::string> metrics;
    Json base_options;        // of every quantization
    Json statistics_options;  // subset_size, seed
    std::string folder;
    Progress* progress = nullptr;
  };
  explicit AbiWorker(Settings settings);
  // The same work in another context, at the same time as this one's; shares
  // the statistics. Requires Prepare.
  std::unique_ptr<AbiWorker> Sibling(hone_context* context) const;
  // Reads the statistics from the folder, or collects and writes them. Bad
  // input: there are none, and no data to collect them from.
  absl::Status Prepare();

  absl::StatusOr<Built> Build(const std::string& config) override;
  absl::StatusOr<Artifact> Float() override;
  absl::StatusOr<std::vector<Measurement>> Measure(
      const std::string& path, const std::string& role) override;
  // hone_sensitivity's result for that configuration with nothing left in float
  // but what the study's options ask, on calibration samples: at most
  // kSensitivitySamples, and so few that the work stays below
  // kSensitivityMacs where one sample's is.
  absl::StatusOr<Json> Sensitivity(const std::string& config);
  static constexpr int64_t kSensitivitySamples = 16;
  static constexpr double kSensitivityMacs = 2e12;

 private:
  const Settings settings_;
  std::shared_ptr<const hone_statistics> statistics_;
};

// hone_options with every member of a JSON object.
absl::StatusOr<OptionsPtr> OptionsOfJson(const Json& json);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_ABI_WORKER_H_
