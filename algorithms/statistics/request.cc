#include "algorithms/statistics/request.h"

namespace hone {

void StatsRequest::Add(absl::string_view value, uint32_t kinds) {
  values_[std::string(value)] |= kinds | kRangeStats;
}

void StatsRequest::Add(const StatsRequest& other) {
  for (const auto& [value, kinds] : other.values_) Add(value, kinds);
}

}  // namespace hone
