// Rows of 128 in gigabytes a second.
#include <cstddef>
#include <cstdint>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/softmax/softmax.h"

namespace hone::opencl {
namespace {

void Rows(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  constexpr int64_t kExtent = 128;
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  const BufferPtr y = Room(static_cast<size_t>(n));
  for (auto _ : state) {
    Softmax(*context, x, n / kExtent, kExtent, 1, false, y).IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, 2 * static_cast<size_t>(n) * sizeof(float));
}

BENCHMARK(Rows)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
