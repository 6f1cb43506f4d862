#include "algorithms/statistics/collector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "algorithms/statistics/request.h"
#include "ir/error/error.h"

namespace hone {
namespace {

struct Extremes {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  double sum = 0;
  uint64_t nan_count = 0;
  uint64_t inf_count = 0;
};

// Sixteen accumulators, so that the compiler can keep them in vector registers
// and the order of the additions is fixed.
constexpr int kLanes = 16;

Extremes Measure(const float* x, size_t n) {
  float least[kLanes], greatest[kLanes];
  float sums[kLanes];
  Extremes all;
  std::fill(least, least + kLanes, all.min);
  std::fill(greatest, greatest + kLanes, all.max);
  // A block's sum in float32 loses little; blocks are added in double.
  constexpr size_t kBlock = 64 * kLanes;
  size_t i = 0;
  double sum = 0;
  while (i + kLanes <= n) {
    const size_t end = std::min(n - n % kLanes, i + kBlock);
    std::fill(sums, sums + kLanes, 0.f);
    for (; i < end; i += kLanes) {
      for (int k = 0; k < kLanes; ++k) {
        const float v = x[i + k];
        // A comparison with NaN is false, so NaN leaves both as they are.
        least[k] = v < least[k] ? v : least[k];
        greatest[k] = v > greatest[k] ? v : greatest[k];
        sums[k] += v;
      }
    }
    for (const float s : sums) sum += s;
  }
  for (int k = 0; k < kLanes; ++k) {
    all.min = std::min(all.min, least[k]);
    all.max = std::max(all.max, greatest[k]);
  }
  for (; i < n; ++i) {
    all.min = x[i] < all.min ? x[i] : all.min;
    all.max = x[i] > all.max ? x[i] : all.max;
    sum += x[i];
  }
  all.sum = sum;
  return all;
}

// The same where something is not finite: counted and left out.
Extremes MeasureFinite(const float* x, size_t n) {
  Extremes all;
  for (size_t i = 0; i < n; ++i) {
    if (std::isnan(x[i])) {
      ++all.nan_count;
    } else if (std::isinf(x[i])) {
      ++all.inf_count;
    } else {
      all.min = std::min(all.min, x[i]);
      all.max = std::max(all.max, x[i]);
      all.sum += x[i];
    }
  }
  return all;
}

Extremes MeasureAny(const float* x, size_t n) {
  const Extremes fast = Measure(x, n);
  // A NaN or Inf anywhere makes the sum NaN or Inf; finite elements can
  // overflow it too, and then the slow way gives the same extremes.
  return std::isfinite(fast.sum) ? fast : MeasureFinite(x, n);
}

void AddTo(const Extremes& extremes, size_t n, RangeStatistics* range) {
  range->min = std::min(range->min, extremes.min);
  range->max = std::max(range->max, extremes.max);
  range->count += n - extremes.nan_count - extremes.inf_count;
  range->sum.Add(extremes.sum);
}

}  // namespace

Collector::Collector(uint32_t kinds) { statistics_.kinds = kinds; }

absl::Status Collector::Add(uint64_t sample, absl::Span<const int64_t> dims,
                            absl::Span<const float> values) {
  const Extremes extremes = MeasureAny(values.data(), values.size());
  AddTo(extremes, values.size(), &statistics_.range);
  statistics_.nan_count += extremes.nan_count;
  statistics_.inf_count += extremes.inf_count;
  const uint32_t kinds = statistics_.kinds;
  if ((kinds & kSampleRangeStats) != 0 && extremes.min <= extremes.max) {
    statistics_.samples.push_back({sample, extremes.min, extremes.max});
  }
  if ((kinds & kHistogramStats) != 0) {
    statistics_.histogram.Add(values, extremes.min, extremes.max);
  }
  if ((kinds & kChannelStats) == 0 || values.empty()) return absl::OkStatus();

  const size_t axis = dims.size() > 1 ? 1 : 0;
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
  const int64_t outer = dims.size() > 1 ? dims[0] : 1;
  const int64_t inner =
      static_cast<int64_t>(values.size()) / (outer * channels);
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t c = 0; c < channels; ++c) {
      const float* x = values.data() + (o * channels + c) * inner;
      AddTo(MeasureAny(x, inner), inner, &statistics_.channels[c]);
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
