#include "algorithms/statistics/collector.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "algorithms/statistics/request.h"
#include "ir/error/error.h"
#include "kernels/cpu/minmax/minmax.h"

namespace hone {
namespace {

void AddTo(const FloatRange& seen, size_t n, RangeStatistics* range) {
  range->min = std::min(range->min, seen.min);
  range->max = std::max(range->max, seen.max);
  range->count += n - seen.nan_count - seen.inf_count;
  range->sum.Add(seen.sum);
}

// Rows of one element a channel.
void AddRows(absl::Span<const float> values,
             std::vector<RangeStatistics>* channels) {
  const size_t n = channels->size();
  for (size_t i = 0; i < values.size(); ++i) {
    const float x = values[i];
    if (!std::isfinite(x)) continue;
    RangeStatistics& range = (*channels)[i % n];
    range.min = std::min(range.min, x);
    range.max = std::max(range.max, x);
    ++range.count;
    range.sum.Add(x);
  }
}

}  // namespace

Collector::Collector(uint32_t kinds) { statistics_.kinds = kinds; }

absl::Status Collector::Add(uint64_t sample, absl::Span<const int64_t> dims,
                            absl::Span<const float> values) {
  const FloatRange extremes = RangeOf(values.data(), values.size());
  AddTo(extremes, values.size(), &statistics_.range);
  statistics_.nan_count += extremes.nan_count;
  statistics_.inf_count += extremes.inf_count;
  const uint32_t kinds = statistics_.kinds;
  if ((kinds & kSampleRangeStats) != 0 && !extremes.empty()) {
    std::vector<SampleRange>& samples = statistics_.samples;
    if (!samples.empty() && samples.back().sample == sample) {
      samples.back().min = std::min(samples.back().min, extremes.min);
      samples.back().max = std::max(samples.back().max, extremes.max);
    } else {
      samples.push_back({sample, extremes.min, extremes.max});
    }
  }
  if ((kinds & kHistogramStats) != 0) {
    statistics_.histogram.Add(values, extremes.min, extremes.max);
  }
  if ((kinds & (kChannelStats | kLastAxisStats)) == 0 || values.empty()) {
    return absl::OkStatus();
  }
  const bool last = (kinds & kLastAxisStats) != 0 && !dims.empty();
  const size_t axis = last ? dims.size() - 1 : dims.size() > 1 ? 1 : 0;
  const int64_t channels = dims.empty() ? 1 : dims[axis];
  if (!statistics_.channels.empty() &&
      statistics_.channels.size() != static_cast<size_t>(channels)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("number of channels changes at sample ", sample),
        {.expected = absl::StrCat(statistics_.channels.size()),
         .found = absl::StrCat(channels)});
  }
  statistics_.channels.resize(channels);
  if (last) {
    AddRows(values, &statistics_.channels);
    return absl::OkStatus();
  }
  const int64_t outer = dims.size() > 1 ? dims[0] : 1;
  const int64_t inner =
      static_cast<int64_t>(values.size()) / (outer * channels);
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t c = 0; c < channels; ++c) {
      const float* x = values.data() + (o * channels + c) * inner;
      AddTo(RangeOf(x, inner), inner, &statistics_.channels[c]);
    }
  }
  return absl::OkStatus();
}

ValueStatistics Collector::Take() {
  const uint32_t kinds = statistics_.kinds;
  ValueStatistics taken = std::move(statistics_);
  statistics_ = ValueStatistics();
  statistics_.kinds = kinds;
  std::sort(taken.samples.begin(), taken.samples.end(),
            [](const SampleRange& a, const SampleRange& b) {
              return a.sample < b.sample;
            });
  return taken;
}

}  // namespace hone
