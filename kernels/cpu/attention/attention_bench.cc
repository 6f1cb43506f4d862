// GFLOP/s of attention's two products with the softmax between them.
// gemm_bench has the machine's limit.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/attention/attention.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// 12 heads of 64, as in ViT-B and BERT-base.
void Run(benchmark::State& state, int64_t queries) {
  AttentionShape shape;
  shape.heads = shape.kv_heads = 12;
  shape.queries = queries;
  shape.keys = state.range(0);
  shape.size = shape.value_size = 64;
  const auto rows = [&](std::vector<float>& data, int64_t n) {
    return HeadRows<float>{data.data(), 0, n * 64, 64};
  };
  const auto constant = [](const HeadRows<float>& h) {
    return HeadRows<const float>{h.data, h.batch, h.head, h.row};
  };
  std::vector<float> q = BenchFloats(static_cast<size_t>(12 * queries * 64));
  std::vector<float> k = BenchFloats(static_cast<size_t>(12 * shape.keys * 64));
  std::vector<float> v = k, y = q;
  AttentionOptions options;
  options.scale = 0.125;
  const auto scratch =
      hwy::AllocateAligned<std::byte>(AttentionScratchBytes(shape, 1));
  ThreadPool pool(1);
  for (auto _ : state) {
    Attention(
        pool, shape, constant(rows(q, queries)), constant(rows(k, shape.keys)),
        constant(rows(v, shape.keys)), options,
        [&](int64_t, int64_t, int64_t, float* row) {
          std::fill(row, row + shape.keys, 0.0f);
        },
        rows(y, queries), nullptr, scratch.get());
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] = benchmark::Counter(
      4e-9 * 12 * 64 * static_cast<double>(queries * shape.keys),
      benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(Run, one_query, 1)->Arg(128)->Arg(1024);
BENCHMARK_CAPTURE(Run, of_197, 197)->Arg(197);
BENCHMARK_CAPTURE(Run, of_128, 128)->Arg(128);

}  // namespace
}  // namespace hone
