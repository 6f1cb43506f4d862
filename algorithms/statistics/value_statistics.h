// What was seen of one value of a graph over some samples. Mergeable: the union
// of two disjoint sets of samples gives the same numbers, bit for bit, as one
// pass over both, in any order.
#ifndef HONE_ALGORITHMS_STATISTICS_VALUE_STATISTICS_H_
#define HONE_ALGORITHMS_STATISTICS_VALUE_STATISTICS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/statistics/exact_sum.h"
#include "algorithms/statistics/histogram.h"

namespace hone {

// Of finite elements; NaN and Inf are counted apart and left out.
struct RangeStatistics {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  uint64_t count = 0;  // finite elements
  ExactSum sum;

  bool empty() const { return count == 0; }
  float abs_max() const;
  double mean() const { return count == 0 ? 0 : sum.Value() / count; }
  void Merge(const RangeStatistics& other);
};

// The least and greatest finite element of one sample.
struct SampleRange {
  uint64_t sample = 0;
  float min = 0;
  float max = 0;
};

struct ValueStatistics {
  uint32_t kinds = 0;  // StatKind, or-ed: what was collected
  RangeStatistics range;
  uint64_t nan_count = 0;
  uint64_t inf_count = 0;
  std::vector<SampleRange> samples;       // ascending by sample
  std::vector<RangeStatistics> channels;  // one per channel
  Histogram histogram;

  // Means over the samples, in ascending order of sample, of the least and the
  // greatest element. Requires !samples.empty().
  double MeanOfMinima() const;
  double MeanOfMaxima() const;

  // InvalidArgument: a sample is in both, or the numbers of channels differ.
  // The kinds become those that both have.
  absl::Status Merge(const ValueStatistics& other);
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_VALUE_STATISTICS_H_
