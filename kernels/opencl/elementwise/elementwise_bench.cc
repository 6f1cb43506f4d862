// Elementwise functions in gigabytes a second.
#include <cstddef>
#include <cstdint>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/elementwise/elementwise.h"

namespace hone::opencl {
namespace {

void Gelu(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  const BufferPtr y = Room(static_cast<size_t>(n));
  for (auto _ : state) {
    Unary(*context, UnaryFunction::kGelu, 0, 0, x, n, y).IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, 2 * static_cast<size_t>(n) * sizeof(float));
}

void Add(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t n = state.range(0);
  const BufferPtr a = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  const BufferPtr y = Room(static_cast<size_t>(n));
  Nest nest;
  nest.loops = 1;
  nest.extents[0] = static_cast<int32_t>(n);
  nest.first[0] = nest.second[0] = 1;
  for (auto _ : state) {
    Binary(*context, BinaryFunction::kAdd, nest, a, a, y).IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, 3 * static_cast<size_t>(n) * sizeof(float));
}

void Transpose(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  constexpr int32_t kRows = 128;
  const int64_t n = state.range(0);
  const BufferPtr x = OnDevice(TestFloats(static_cast<size_t>(n), 1));
  const BufferPtr y = Room(static_cast<size_t>(n));
  const int32_t columns = static_cast<int32_t>(n / kRows);
  Nest nest;
  nest.loops = 2;
  nest.extents = {columns, kRows};
  nest.first = {1, columns};
  nest.second = {kRows, 1};
  for (auto _ : state) {
    Copy(*context, nest, x, 0, y, 0).IgnoreError();
    context->Finish().IgnoreError();
  }
  CountBytes(state, 2 * static_cast<size_t>(n) * sizeof(float));
}

BENCHMARK(Gelu)->HONE_TRAFFIC_SIZES->UseRealTime();
BENCHMARK(Add)->HONE_TRAFFIC_SIZES->UseRealTime();
BENCHMARK(Transpose)->HONE_TRAFFIC_SIZES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
