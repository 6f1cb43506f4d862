// What an algorithm wants to know of the values of a graph before it decides.
//
//   StatsRequest request;
//   request.Add("conv1_out", kRangeStats | kSampleRangeStats);
#ifndef HONE_ALGORITHMS_STATISTICS_REQUEST_H_
#define HONE_ALGORITHMS_STATISTICS_REQUEST_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace hone {

// Kinds of statistics, or-ed together. kRangeStats is always collected.
enum StatKind : uint32_t {
  // Least, greatest, greatest magnitude, mean, counts of elements, NaN and Inf.
  kRangeStats = 1,
  // The least and greatest element of every sample: 16 bytes a sample.
  kSampleRangeStats = 2,
  // Least, greatest, magnitude and mean of every channel (axis 1, or axis 0 of
  // a vector).
  kChannelStats = 4,
  // 2,048 bins, see histogram.h: 16 KB a value.
  kHistogramStats = 8,
  // As kChannelStats, with the last axis as the channels' (MatMul). Not both.
  kLastAxisStats = 16,
};

// Value names (of the main graph) and the kinds wanted of each. Requests of
// several algorithms that look at the same graph are united and share one pass.
class StatsRequest {
 public:
  void Add(absl::string_view value, uint32_t kinds);
  void Add(const StatsRequest& other);
  // Sorted by name, so that everything derived from a request has one order.
  const std::map<std::string, uint32_t>& values() const { return values_; }

 private:
  std::map<std::string, uint32_t> values_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_REQUEST_H_
