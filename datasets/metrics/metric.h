// Figures of merit over a data set, one sample at a time.
//
//   absl::StatusOr<std::unique_ptr<Metric>> top1 = MakeMetric("top1");
//   (*top1)->Add("cat.jpg", outputs, {label});
//   absl::StatusOr<Estimate> e = (*top1)->Result();   // 0.93 in [0.925, 0.935]
//
// The same samples in the same order give the same bits. Class scores have
// their classes on the last axis, or on axis 1 from four axes on (images);
// every other index is a position that has a label (or a reference) of its own.
#ifndef HONE_DATASETS_METRICS_METRIC_H_
#define HONE_DATASETS_METRICS_METRIC_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "datasets/array/array.h"

namespace hone::datasets {

// `low` and `high` bound the value with 95 % confidence, samples being drawn
// independently from where they came from.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
  int64_t samples = 0;
};

class Metric {
 public:
  virtual ~Metric() = default;
  // `expected` is what the metric compares with: the target (one array), or the
  // reference model's outputs (as many as `outputs`). `sample` is for messages.
  // InvalidArgument: missing target, shapes that do not fit, NaN, a label
  // outside of the classes; names the sample, expected and found.
  virtual absl::Status Add(absl::string_view sample,
                           absl::Span<const Array> outputs,
                           absl::Span<const Array> expected) = 0;
  // FailedPrecondition before the first sample.
  virtual absl::StatusOr<Estimate> Result() const = 0;
};

struct MetricInfo {
  const char* name;
  bool needs_reference;  // compares with the float model's outputs, else with
                         // a target
  bool higher_is_better;
  const char* help;
};
// Every metric, in the order of the documentation.
absl::Span<const MetricInfo> Metrics();
// Null when there is none of that name.
const MetricInfo* FindMetric(absl::string_view name);
// NotFound names all metrics.
absl::StatusOr<std::unique_ptr<Metric>> MakeMetric(absl::string_view name);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_METRICS_METRIC_H_
