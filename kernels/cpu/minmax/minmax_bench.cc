// Ranges in gigabytes read a second, beside a copy, which writes as many.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/minmax/minmax.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Whole(benchmark::State& state) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(RangeOf(x.data(), x.size()));
  }
  CountBytes(state, x.size() * sizeof(float));
}

// Channels of 28 x 28 pixels.
void PerChannel(benchmark::State& state) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  constexpr int64_t kPixels = 28 * 28;
  const int64_t channels = state.range(0) / kPixels;
  std::vector<FloatRange> ranges(static_cast<size_t>(channels));
  ThreadPool pool(1);
  for (auto _ : state) {
    RangePerChannel(pool, x.data(), 1, channels, kPixels, ranges.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, static_cast<size_t>(channels * kPixels) * sizeof(float));
}

BENCHMARK(Whole)->HONE_TRAFFIC_SIZES;
BENCHMARK(PerChannel)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
