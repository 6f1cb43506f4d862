// Softmaxes in gigabytes read and written a second, beside a copy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/softmax/softmax.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Run(benchmark::State& state, int64_t extent, int64_t inner, bool log) {
  SoftmaxShape shape;
  shape.extent = extent;
  shape.inner = inner;
  shape.outer = state.range(0) / (extent * inner);
  const size_t n = static_cast<size_t>(shape.outer * extent * inner);
  const std::vector<float> x = BenchFloats(n);
  std::vector<float> y(n);
  ThreadPool pool(1);
  for (auto _ : state) {
    Softmax(pool, x.data(), shape, log, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, 2 * n * sizeof(float));
}

// The scores of ViT-B/16, of BERT's 128 tokens; classes of pixels.
BENCHMARK_CAPTURE(Run, rows_of_197, 197, 1, false)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, rows_of_128, 128, 1, false)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, log_of_rows_of_1000, 1000, 1, true)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, columns_of_21, 21, 256, false)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
