// Rows of 256 in gigabytes a second.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/gather/gather.h"

namespace hone::opencl {
namespace {

void Embedding(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  constexpr int64_t kWidth = 256;
  const int64_t rows = state.range(0) / kWidth;
  const BufferPtr x = OnDevice(TestFloats(1000 * kWidth, 1));
  const BufferPtr y = Room(static_cast<size_t>(rows * kWidth));
  std::vector<int32_t> index;
  for (int64_t i = 0; i < rows; ++i) {
    index.push_back(static_cast<int32_t>(i * 7919 % 1000));
  }
  for (auto _ : state) {
    GatherRows(*context, x, 1, 1000, kWidth, index, y).IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, 2 * static_cast<size_t>(rows * kWidth) * sizeof(float));
}

BENCHMARK(Embedding)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
