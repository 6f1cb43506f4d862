// Quantizes as much of a model as keeps its metrics within bounds.
//
// The layers are ranked by what they cost the outputs (ranking.h, on
// calibration samples); then the shortest head of the ranking is sought that
// has to stay in float: 1, 2, 4, ... layers until the bounds are met, and
// bisection between. NNCF's counterpart is quantize_with_accuracy_control.
// Before that, where the options allow it, remedies.h: each on top of those
// that helped, until the bounds are met; layers are left in float of what came
// closest.
//
// The word is the evaluation samples': a candidate is met when every metric
// over all of them is. A candidate that is off by more than both confidence
// intervals together on a tenth of them (at least 500) is rejected there.
#ifndef HONE_ALGORITHMS_ACCURACY_CONTROL_ACCURACY_CONTROL_H_
#define HONE_ALGORITHMS_ACCURACY_CONTROL_ACCURACY_CONTROL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/accuracy_control/ranking.h"
#include "algorithms/quantization/quantizer.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"
#include "ir/tensor/value.h"

namespace hone {

struct MetricBound {
  std::string metric;
  double max_drop = 0;    // by which it may be worse than the float model's;
                          // infinite: measured alone
  bool relative = false;  // max_drop is a share of the float model's value
  bool higher_is_better = true;
};

struct MetricFigure {
  double value = 0;
  double low = 0;  // 95 % confidence interval
  double high = 0;
};

// The metrics of one evaluation, one a bound.
class MetricSet {
 public:
  virtual ~MetricSet() = default;
  // In ascending order of index, one call at a time. `reference` is empty
  // unless the options ask for it.
  virtual absl::Status Add(uint64_t index, absl::Span<const Value> outputs,
                           absl::Span<const Value> reference) = 0;
  virtual absl::StatusOr<std::vector<MetricFigure>> Result() = 0;
};

struct AccuracyControlOptions {
  std::vector<MetricBound> bounds;
  std::function<absl::StatusOr<std::unique_ptr<MetricSet>>()> new_metrics;
  bool needs_reference = false;  // metrics compare with the float model
  bool remedies = false;         // see remedies.h
  uint64_t ranking_samples = 64;
  uint64_t cache_bytes = uint64_t{256} << 20;  // of kept values, in memory
};

// One candidate that was measured.
struct AccuracyTrial {
  std::string remedy;  // names of the remedies, "" without any
  int in_float = 0;    // the head of the ranking that stays in float
  uint64_t samples = 0;
  std::vector<MetricFigure> figures;
  bool met = false;
  bool rejected_early = false;  // on fewer than all samples
};

struct AccuracyControlResult {
  QuantizedModel quantized;            // rows say what was decided
  std::vector<MetricFigure> baseline;  // the float model's
  std::vector<MetricFigure> figures;   // over all evaluation samples
  bool met = false;
  Ranking ranking;
  std::string remedy;  // names of those that the result was made with
  int in_float = 0;    // layers of the ranking that were left in float
  std::vector<AccuracyTrial> trials;
  double int8_macs = 0;  // share of multiply-accumulates that stay int8
  double reused = 0;     // share of node runs that kept results saved
  std::string message;   // one line: met, or how close it came and what costs
                         // most
};

// `calibration` is what the quantizer was calibrated with. InvalidArgument: no
// bound, no sample, a metric that is not finite, a relative bound whose
// baseline is 0. The metrics' errors as they come.
absl::StatusOr<AccuracyControlResult> ControlAccuracy(
    const Quantizer& quantizer, SampleSource& calibration, SampleSource& eval,
    const AccuracyControlOptions& options, Runner& runner);

// By how much `value` is worse than `baseline`; negative: better.
double DropOf(const MetricBound& bound, double baseline, double value);
double AllowedDropOf(const MetricBound& bound, double baseline);

}  // namespace hone

#endif  // HONE_ALGORITHMS_ACCURACY_CONTROL_ACCURACY_CONTROL_H_
