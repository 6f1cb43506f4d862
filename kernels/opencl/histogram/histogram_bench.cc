// Counts in gigabytes read a second, the results copied back.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/histogram/histogram.h"

namespace hone::opencl {
namespace {

void Counts(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  std::vector<uint64_t> counts(2048);
  for (auto _ : state) {
    // Bins of 2^-10: -1 to 1.
    benchmark::DoNotOptimize(CountBins(*context, x, n, -10, counts.data()));
  }
  CountBytes(state, static_cast<size_t>(n) * sizeof(float));
}

BENCHMARK(Counts)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
