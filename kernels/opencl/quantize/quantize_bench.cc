// Rounding in gigabytes a second, with the copies there and back.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/quantize/quantize.h"

namespace hone::opencl {
namespace {

void Signed8(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t n = state.range(0);
  const std::vector<float> x = TestFloats(static_cast<size_t>(n), 1);
  std::vector<int8_t> q(x.size());
  for (auto _ : state) {
    Quantize(*context, x.data(), 1, 1, n, {0.01f}, {0}, 8, true, q.data())
        .IgnoreError();
  }
  CountBytes(state, x.size() * (sizeof(float) + 1));
}

BENCHMARK(Signed8)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
