// Pools over windows in gigabytes read and written a second, beside a copy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// 64 planes of `size` x `size` pixels, padded by a half of the kernel.
void Run(benchmark::State& state, PoolOp op, int64_t kernel, int64_t stride) {
  const int64_t size = state.range(0);
  const int64_t pad = (kernel - 1) / 2;
  const PoolAxis axis = {
      size, (size + 2 * pad - kernel) / stride + 1, kernel, stride, 1, pad,
      pad};
  PoolShape shape;
  shape.planes = 64;
  shape.axes = {axis, axis};
  const std::vector<float> x =
      BenchFloats(static_cast<size_t>(shape.planes * shape.input_size()));
  std::vector<float> y(static_cast<size_t>(shape.planes * shape.output_size()));
  ThreadPool pool(1);
  for (auto _ : state) {
    Pool(pool, op, x.data(), shape, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, (x.size() + y.size()) * sizeof(float));
}

BENCHMARK_CAPTURE(Run, max_3x3_stride_2, PoolOp::kMax, 3, 2)->Arg(28)->Arg(112);
BENCHMARK_CAPTURE(Run, max_2x2_stride_2, PoolOp::kMax, 2, 2)->Arg(28)->Arg(112);
BENCHMARK_CAPTURE(Run, average_3x3_stride_1, PoolOp::kAverage, 3, 1)
    ->Arg(28)
    ->Arg(112);
BENCHMARK_CAPTURE(Run, average_2x2_stride_2, PoolOp::kAverage, 2, 2)
    ->Arg(28)
    ->Arg(112);
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
