// Counting into bins in gigabytes read a second, beside a copy, which writes as
// many.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/histogram/histogram.h"
#include "kernels/cpu/testing/traffic.h"

namespace hone {
namespace {

void Count(benchmark::State& state) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<uint64_t> counts(kHistogramBins);
  const int exponent = HistogramExponent(-2, 2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        CountBins(x.data(), x.size(), exponent, counts.data()));
  }
  CountBytes(state, x.size() * sizeof(float));
}

// As after a Relu: a half of the elements falls into one bin.
void CountRectified(benchmark::State& state) {
  std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  for (float& value : x) value = value < 0 ? 0 : value;
  std::vector<uint64_t> counts(kHistogramBins);
  const int exponent = HistogramExponent(0, 2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        CountBins(x.data(), x.size(), exponent, counts.data()));
  }
  CountBytes(state, x.size() * sizeof(float));
}

BENCHMARK(Count)->HONE_TRAFFIC_SIZES;
BENCHMARK(CountRectified)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
