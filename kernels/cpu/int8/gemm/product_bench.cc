// Products in GOP/s (two a multiply-add) beside the machine's limit: the same
// instructions on registers alone, as "Limit".
//
//   bazel run -c opt //kernels/cpu/int8/gemm:product_bench
//
// Every instruction set of this CPU has a limit and a product of its own; what
// has no name of one runs on the best.
#include <cstdint>
#include <vector>

#define HWY_WANT_AVX3_DL
#include "benchmark/benchmark.h"
#include "hwy/highway.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"

namespace hone {
namespace {

// rows, columns, taps, depth.
void Run(benchmark::State& state) {
  const int64_t rows = state.range(0);
  const int64_t columns = state.range(1);
  const int64_t taps = state.range(2);
  const int64_t depth = state.range(3);
  std::vector<uint8_t> x(static_cast<size_t>(rows * taps * depth), 3);
  std::vector<int8_t> w(static_cast<size_t>(columns * taps * depth), 5);
  std::vector<const uint8_t*> at;
  for (int64_t i = 0; i < rows * taps; ++i) at.push_back(x.data() + i * depth);
  const PackedInt8 packed(w.data(), 1, columns, taps, depth,
                          CurrentInt8Layout());
  const std::vector<int32_t> bias(PaddedInt8Columns(columns));
  const std::vector<float> multiplier(bias.size(), 0.01f);
  std::vector<uint8_t> y(static_cast<size_t>(rows * columns));
  Int8Product p;
  p.rows = at.data();
  p.row_stride = rows;
  p.row_count = rows;
  p.weights = &packed;
  p.vector_end = packed.vectors();
  p.epilogue.bias = bias.data();
  p.epilogue.multiplier = multiplier.data();
  p.y = y.data();
  p.y_stride = columns;
  for (auto _ : state) {
    MultiplyInt8(p);
    benchmark::DoNotOptimize(y.data());
  }
  state.SetLabel(CurrentInt8Layout().name());
  state.counters["GOP/s"] = benchmark::Counter(
      2e-9 * static_cast<double>(rows * columns * taps * depth),
      benchmark::Counter::kIsIterationInvariantRate);
}

// The same with the instruction set of that number, the best first.
void RunOn(benchmark::State& state) {
  const std::vector<int64_t> targets = hwy::SupportedAndGeneratedTargets();
  const size_t number = static_cast<size_t>(state.range(4));
  if (number >= targets.size()) {
    state.SkipWithError("the CPU has no more instruction sets");
    return;
  }
  hwy::SetSupportedTargetsForTest(targets[number]);
  hwy::GetChosenTarget().Update(targets[number]);
  Run(state);
  state.SetLabel(hwy::TargetName(targets[number]));
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

// Everything in the first cache level and a sum so long that nothing else
// counts.
BENCHMARK(RunOn)->Name("Limit")->ArgsProduct(
    {{60}, {64}, {1}, {512}, {0, 1, 2, 3}});
BENCHMARK(RunOn)->Name("Target")->ArgsProduct(
    {{96}, {128}, {9}, {128}, {0, 1, 2, 3}});
BENCHMARK(Run)
    ->Name("Product")
    ->ArgNames({"rows", "columns", "taps", "depth"})
    ->Args({96, 64, 9, 64})
    ->Args({96, 128, 9, 128})
    ->Args({96, 256, 9, 256})
    ->Args({49, 512, 9, 512})
    ->Args({96, 96, 1, 16})
    ->Args({96, 24, 1, 144})
    ->Args({96, 384, 1, 64})
    ->Args({49, 1280, 1, 320})
    ->Args({1, 1000, 1, 1280});

}  // namespace
}  // namespace hone
