// Reductions in gigabytes read a second, beside a copy, which writes as many.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/reduce/reduce.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// x [rows, 256]: along the rows or across them.
void Run(benchmark::State& state, ReduceOp op, bool rows) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  ReduceShape shape;
  shape.dims = {state.range(0) / 256, 256};
  shape.reduced = {!rows, rows};
  std::vector<float> y(static_cast<size_t>(shape.kept_size()));
  ThreadPool pool(1);
  for (auto _ : state) {
    Reduce(pool, op, x.data(), shape, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, x.size() * sizeof(float));
}

BENCHMARK_CAPTURE(Run, sum_of_rows, ReduceOp::kSum, true)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, sum_of_columns, ReduceOp::kSum, false)
    ->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, max_of_rows, ReduceOp::kMax, true)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, l2_of_rows, ReduceOp::kL2, true)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, log_sum_exp_of_rows, ReduceOp::kLogSumExp, true)
    ->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
