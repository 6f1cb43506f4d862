// A model in Hone's own engine.
#ifndef HONE_HARNESS_BENCH_SESSION_CONTENDER_H_
#define HONE_HARNESS_BENCH_SESSION_CONTENDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/bench/contender.h"

namespace hone::harness {

// One value per model input.
using BenchSample = std::vector<ValuePtr>;

// Median time of one step over the runs that were profiled.
struct StepFigure {
  std::string name;
  std::string op;
  std::string kernel;
  double median_us = 0;
};

class SessionContender : public Contender {
 public:
  // `samples` must outlive the contender and hold at least one.
  static absl::StatusOr<std::unique_ptr<SessionContender>> Make(
      const hone_context* context, const hone_model* model,
      const hone_options* options, const std::string& path,
      const std::vector<BenchSample>* samples);

  std::string model() const override { return path_; }
  std::string engine() const override;
  hone_session* session() const { return session_.get(); }
  // The whole of hone_session_run: outputs allocated, and freed.
  absl::StatusOr<std::vector<double>> Time(int64_t sample,
                                           int64_t runs) override;
  // Every step of the plan in the order of execution, over `runs` runs.
  absl::StatusOr<std::vector<StepFigure>> Profile(int64_t runs);

 private:
  std::string path_;
  SessionPtr session_;
  size_t outputs_ = 0;
  std::vector<std::vector<const hone_value*>> inputs_;  // by sample
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_SESSION_CONTENDER_H_
