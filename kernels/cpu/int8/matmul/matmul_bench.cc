// Products in GOP/s (two a multiply-add), with b packed beforehand ("Packed")
// and packed each time ("Matrix"), of one thread.
//
//   bazel run -c opt //kernels/cpu/int8/matmul:matmul_bench
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/int8/matmul/matmul.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// rows, columns, depth; b uint8 with a zero point unless `b_signed`.
void Run(benchmark::State& state, bool pack, bool b_signed) {
  const int64_t rows = state.range(0);
  const int64_t columns = state.range(1);
  const int64_t depth = state.range(2);
  const std::vector<uint8_t> a(static_cast<size_t>(rows * depth), 3);
  const std::vector<uint8_t> b(static_cast<size_t>(depth * columns), 5);
  std::vector<int32_t> y(static_cast<size_t>(rows * columns));
  ThreadPool pool(1);
  const Int8Layout layout = CurrentInt8Layout();
  const auto storage = hwy::AllocateAligned<std::byte>(
      PackedInt8::StorageBytes(depth, columns, layout));
  const auto scratch = hwy::AllocateAligned<std::byte>(
      Int8MatMulScratchBytes(rows, depth, columns, 1));
  const auto packed = [&] {
    return PackedInt8::OfMatrix(b.data(), b_signed, depth, columns, layout,
                                storage.get(), pool);
  };
  const int32_t zero = 101;
  Int8MatMulProblem p;
  p.rows = rows;
  p.depth = depth;
  p.columns = columns;
  p.a = a.data();
  p.b_signed = b_signed;
  p.a_zero = {&zero, 1};
  if (!b_signed) p.b_zero = {&zero, 1};
  p.epilogue.to_sums = true;
  p.y = y.data();
  const PackedInt8 before = packed();
  p.b = &before;
  for (auto _ : state) {
    if (pack) {
      const PackedInt8 now = packed();
      p.b = &now;
      Int8MatMul(p, scratch.get(), pool);
    } else {
      Int8MatMul(p, scratch.get(), pool);
    }
    benchmark::DoNotOptimize(y.data());
  }
  state.SetLabel(layout.name());
  state.counters["GOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(rows * columns * depth),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void Shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"rows", "columns", "depth"})
      ->Args({128, 768, 768})
      ->Args({1, 1024, 1024})
      ->Args({512, 512, 512});
}
BENCHMARK_CAPTURE(Run, Packed_s8, false, true)->Apply(Shapes);
BENCHMARK_CAPTURE(Run, Packed_u8, false, false)->Apply(Shapes);
BENCHMARK_CAPTURE(Run, Matrix_s8, true, true)->Apply(Shapes);
BENCHMARK_CAPTURE(Run, Matrix_u8, true, false)->Apply(Shapes);

}  // namespace
}  // namespace hone
