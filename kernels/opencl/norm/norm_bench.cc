// Rows of 512 in gigabytes a second.
#include <cstddef>
#include <cstdint>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/norm/norm.h"

namespace hone::opencl {
namespace {

void Rows(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  constexpr int64_t kWidth = 512;
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  const BufferPtr scale = OnDevice(TestFloats(kWidth, 2));
  const BufferPtr y = Room(static_cast<size_t>(n));
  for (auto _ : state) {
    NormalizeRows(*context, x, n / kWidth, kWidth, 1e-5f, true, scale, scale, y)
        .IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, 2 * static_cast<size_t>(n) * sizeof(float));
}

BENCHMARK(Rows)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
