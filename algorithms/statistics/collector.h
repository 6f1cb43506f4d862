// Collects the statistics of one value in one thread.
//
//   Collector collector(kRangeStats | kHistogramStats);
//   HONE_RETURN_IF_ERROR(collector.Add(sample_index, view.dims, values));
//   ValueStatistics statistics = collector.Take();
#ifndef HONE_ALGORITHMS_STATISTICS_COLLECTOR_H_
#define HONE_ALGORITHMS_STATISTICS_COLLECTOR_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "algorithms/statistics/value_statistics.h"

namespace hone {

class Collector {
 public:
  // kinds: StatKind, or-ed.
  explicit Collector(uint32_t kinds);

  // All elements of the value for one sample, row-major. A sample is added
  // once, or step by step without another one between: its range is that of all
  // its steps. InvalidArgument: the number of channels differs from another
  // sample's.
  absl::Status Add(uint64_t sample, absl::Span<const int64_t> dims,
                   absl::Span<const float> values);
  // What was seen; the collector is empty afterwards.
  ValueStatistics Take();

 private:
  ValueStatistics statistics_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_COLLECTOR_H_
