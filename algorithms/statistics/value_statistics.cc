#include "algorithms/statistics/value_statistics.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "algorithms/statistics/request.h"
#include "ir/error/error.h"

namespace hone {
namespace {

constexpr uint32_t kByChannel = kChannelStats | kLastAxisStats;

}  // namespace

float RangeStatistics::abs_max() const {
  return empty() ? 0 : std::max(std::fabs(min), std::fabs(max));
}

void RangeStatistics::Merge(const RangeStatistics& other) {
  min = std::min(min, other.min);
  max = std::max(max, other.max);
  count += other.count;
  sum.Add(other.sum);
}

double ValueStatistics::MeanOfMinima() const {
  double sum = 0;
  for (const SampleRange& sample : samples) sum += sample.min;
  return sum / static_cast<double>(samples.size());
}

double ValueStatistics::MeanOfMaxima() const {
  double sum = 0;
  for (const SampleRange& sample : samples) sum += sample.max;
  return sum / static_cast<double>(samples.size());
}

absl::Status ValueStatistics::Merge(const ValueStatistics& other) {
  const uint32_t common = kinds & other.kinds;
  if ((common & kByChannel) != 0 && !channels.empty() &&
      !other.channels.empty() && channels.size() != other.channels.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "number of channels differs between shards or samples",
                     {.expected = absl::StrCat(channels.size()),
                      .found = absl::StrCat(other.channels.size())});
  }
  std::vector<SampleRange> all;
  if ((common & kSampleRangeStats) != 0) {
    all.reserve(samples.size() + other.samples.size());
    const auto before = [](const SampleRange& a, const SampleRange& b) {
      return a.sample < b.sample;
    };
    std::merge(samples.begin(), samples.end(), other.samples.begin(),
               other.samples.end(), std::back_inserter(all), before);
    for (size_t i = 1; i < all.size(); ++i) {
      if (all[i - 1].sample == all[i].sample) {
        return MakeError(
            absl::StatusCode::kInvalidArgument,
            absl::StrCat("sample ", all[i].sample, " is in both shards"), {});
      }
    }
  }
  kinds = common;
  samples = std::move(all);
  range.Merge(other.range);
  nan_count += other.nan_count;
  inf_count += other.inf_count;
  if ((common & kByChannel) != 0) {
    if (channels.empty()) channels.resize(other.channels.size());
    for (size_t c = 0; c < other.channels.size(); ++c) {
      channels[c].Merge(other.channels[c]);
    }
  } else {
    channels.clear();
  }
  if ((common & kHistogramStats) != 0) {
    histogram.Merge(other.histogram);
  } else {
    histogram = Histogram();
  }
  return absl::OkStatus();
}

}  // namespace hone
