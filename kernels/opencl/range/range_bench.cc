// Ranges in gigabytes read a second, the results copied back.
#include <cstddef>
#include <cstdint>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/range/range.h"

namespace hone::opencl {
namespace {

void Rows(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  for (auto _ : state) {
    benchmark::DoNotOptimize(RangesOf(*context, x, 1, 1, n));
  }
  CountBytes(state, static_cast<size_t>(n) * sizeof(float));
}

// Channels that lie innermost.
void Columns(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  constexpr int64_t kChannels = 256;
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        RangesOf(*context, x, n / kChannels, kChannels, 1));
  }
  CountBytes(state, static_cast<size_t>(n) * sizeof(float));
}

BENCHMARK(Rows)->HONE_TRAFFIC_SIZES->UseRealTime();
BENCHMARK(Columns)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
