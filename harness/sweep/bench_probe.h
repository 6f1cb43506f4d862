// Latencies in Hone's own engine, or in a runtime that a command starts.
#ifndef HONE_HARNESS_SWEEP_BENCH_PROBE_H_
#define HONE_HARNESS_SWEEP_BENCH_PROBE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/bench/command_contender.h"
#include "harness/bench/rounds.h"
#include "harness/bench/session_contender.h"
#include "harness/data/bound_data.h"
#include "harness/progress/progress.h"
#include "harness/sweep/latency.h"

namespace hone::harness {

class BenchProbe : public LatencyProbe {
 public:
  struct Settings {
    hone_context* context = nullptr;
    const hone_model* model = nullptr;  // in float
    std::string model_path;
    std::shared_ptr<const BoundData> data;  // its first samples are run
    std::string command;                    // "": Hone's engine
    std::function<bool()> interrupted;
    Progress* progress = nullptr;
    RoundOptions rounds;
  };
  static absl::StatusOr<std::unique_ptr<BenchProbe>> Make(Settings settings);

  absl::StatusOr<RoundsResult> Time(const std::string& path) override;
  std::string engine() const override;
  int64_t threads() const override;

 private:
  explicit BenchProbe(Settings settings) : settings_(std::move(settings)) {}
  absl::StatusOr<std::unique_ptr<Contender>> Start(const std::string& path,
                                                   const hone_model* model);

  Settings settings_;
  std::vector<BenchSample> samples_;
  std::unique_ptr<InputFolder> folder_;
  std::unique_ptr<Contender> float_;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_BENCH_PROBE_H_
