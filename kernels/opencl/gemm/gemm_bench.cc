// Products in GFLOP/s, beside the CPU's kernel on one thread.
#include <cstddef>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/gemm/gemm.h"
#include "kernels/threads/thread_pool.h"

namespace hone::opencl {
namespace {

void CountFlops(benchmark::State& state, int64_t m, int64_t n, int64_t k) {
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(m * n * k),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void OpenCl(benchmark::State& state) {
  Context* const context = TestContext();
  if (context == nullptr) return state.SkipWithError("no OpenCL device");
  const int64_t m = state.range(0), n = state.range(1), k = state.range(2);
  GemmCall call;
  call.m = m;
  call.n = n;
  call.k = k;
  call.a = {OnDevice(TestFloats(static_cast<size_t>(m * k), 1)), k, 1};
  call.b = {OnDevice(TestFloats(static_cast<size_t>(k * n), 2)), n, 1};
  const BufferPtr c = Room(static_cast<size_t>(m * n));
  if (!Gemm(*context, call, c).ok() || !context->Finish().ok()) {
    return state.SkipWithError("the product failed");
  }
  for (auto _ : state) {
    Gemm(*context, call, c).IgnoreError();
    context->Finish().IgnoreError();
  }
  CountFlops(state, m, n, k);
}

void Cpu(benchmark::State& state) {
  const int64_t m = state.range(0), n = state.range(1), k = state.range(2);
  const std::vector<float> a = TestFloats(static_cast<size_t>(m * k), 1);
  const std::vector<float> b = TestFloats(static_cast<size_t>(k * n), 2);
  std::vector<float> c(static_cast<size_t>(m * n));
  const PackedColumns packed({b.data(), n, 1}, k, n);
  ThreadPool pool(1);
  std::vector<std::byte> scratch(GemmScratchBytes(1) + 64);
  std::byte* const aligned = reinterpret_cast<std::byte*>(
      (reinterpret_cast<uintptr_t>(scratch.data()) + 63) / 64 * 64);
  for (auto _ : state) {
    Gemm(m, {a.data(), k, 1}, 1, packed, {}, c.data(), n, aligned, pool);
  }
  CountFlops(state, m, n, k);
}

#define HONE_GEMM_SHAPES \
  Args({512, 512, 512})->Args({128, 384, 384})->Args({128, 1536, 384})
BENCHMARK(OpenCl)->HONE_GEMM_SHAPES->UseRealTime();
BENCHMARK(Cpu)->HONE_GEMM_SHAPES->UseRealTime();

}  // namespace
}  // namespace hone::opencl
