// Means in gigabytes read a second.
#include <cstddef>
#include <cstdint>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/reduce/reduce.h"

namespace hone::opencl {
namespace {

void Reduced(benchmark::State& state, int64_t extent, int64_t inner) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  const BufferPtr y = Room(static_cast<size_t>(n / extent));
  const int64_t outer = n / extent / inner;
  for (auto _ : state) {
    Reduce(*context, Reduction::kMean, x, outer, extent, inner, y)
        .IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, static_cast<size_t>(n) * sizeof(float));
}

void Rows(benchmark::State& state) { Reduced(state, 512, 1); }
void Columns(benchmark::State& state) { Reduced(state, 128, 128); }

BENCHMARK(Rows)->HONE_TRAFFIC_SIZES->UseRealTime();
BENCHMARK(Columns)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
