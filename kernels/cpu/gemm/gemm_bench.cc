// GFLOP/s of Gemm beside OpenBLAS, which the environment variable
// OPENBLAS_NUM_THREADS=1 keeps to one thread.
#include <cblas.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Report(benchmark::State& state, int64_t m, int64_t n, int64_t k) {
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(m * n * k) *
                             static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void BM_Gemm(benchmark::State& state, int64_t m, int64_t n, int64_t k) {
  const int threads = static_cast<int>(state.range(0));
  std::vector<float> a(m * k, 1), b(k * n, 2), c(m * n);
  ThreadPool pool(threads);
  const PackedColumns packed({b.data(), n, 1}, k, n);
  std::vector<std::byte> scratch(GemmScratchBytes(m, k));
  for (auto _ : state) {
    Gemm(m, {a.data(), k, 1}, 1, packed, {}, c.data(), n, scratch.data(), pool);
    benchmark::ClobberMemory();
  }
  Report(state, m, n, k);
}

void BM_GemmUnpacked(benchmark::State& state, int64_t m, int64_t n, int64_t k) {
  const int threads = static_cast<int>(state.range(0));
  std::vector<float> a(m * k, 1), b(k * n, 2), c(m * n);
  ThreadPool pool(threads);
  std::vector<std::byte> scratch(GemmScratchBytes(threads));
  std::vector<std::byte> columns(GemmColumnsBytes(k, n));
  for (auto _ : state) {
    Gemm(m, n, k, {a.data(), k, 1}, 1, {b.data(), n, 1}, {}, c.data(), n,
         scratch.data(), columns.data(), pool);
    benchmark::ClobberMemory();
  }
  Report(state, m, n, k);
}

void BM_OpenBlas(benchmark::State& state, int64_t m, int64_t n, int64_t k) {
  openblas_set_num_threads(static_cast<int>(state.range(0)));
  std::vector<float> a(m * k, 1), b(k * n, 2), c(m * n);
  for (auto _ : state) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(m),
                static_cast<int>(n), static_cast<int>(k), 1, a.data(),
                static_cast<int>(k), b.data(), static_cast<int>(n), 0, c.data(),
                static_cast<int>(n));
    benchmark::ClobberMemory();
  }
  Report(state, m, n, k);
}

#define HONE_GEMM_BENCH(m, n, k)                             \
  BENCHMARK_CAPTURE(BM_Gemm, m##x##n##x##k, m, n, k)         \
      ->Arg(1)                                               \
      ->Arg(2)                                               \
      ->UseRealTime();                                       \
  BENCHMARK_CAPTURE(BM_GemmUnpacked, m##x##n##x##k, m, n, k) \
      ->Arg(1)                                               \
      ->Arg(2)                                               \
      ->UseRealTime();                                       \
  BENCHMARK_CAPTURE(BM_OpenBlas, m##x##n##x##k, m, n, k)     \
      ->Arg(1)                                               \
      ->Arg(2)                                               \
      ->UseRealTime()

HONE_GEMM_BENCH(1024, 1024, 1024);
HONE_GEMM_BENCH(512, 512, 512);
HONE_GEMM_BENCH(128, 768, 768);
HONE_GEMM_BENCH(128, 3072, 768);
HONE_GEMM_BENCH(197, 768, 3072);
HONE_GEMM_BENCH(1, 1000, 1280);

}  // namespace
}  // namespace hone
