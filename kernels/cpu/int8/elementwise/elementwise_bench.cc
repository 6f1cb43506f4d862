// Sums and look-ups in gigabytes read and written a second, beside a copy.
//
//   bazel run -c opt //kernels/cpu/int8/elementwise:elementwise_bench
#include <cstdint>
#include <cstring>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/int8/elementwise/elementwise.h"

namespace hone {
namespace {

constexpr size_t kElements = 64 * 56 * 56;

void Bytes(benchmark::State& state, size_t arrays) {
  state.counters["GB/s"] =
      benchmark::Counter(1e-9 * static_cast<double>(arrays * kElements),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void Copy(benchmark::State& state) {
  const std::vector<uint8_t> x(kElements, 3);
  std::vector<uint8_t> y(kElements);
  for (auto _ : state) {
    std::memcpy(y.data(), x.data(), kElements);
    benchmark::DoNotOptimize(y.data());
  }
  Bytes(state, 2);
}
BENCHMARK(Copy);

void Binary(benchmark::State& state) {
  const Int8BinaryOp op = static_cast<Int8BinaryOp>(state.range(0));
  const std::vector<uint8_t> a(kElements, 3), b(kElements, 200);
  std::vector<uint8_t> y(kElements);
  const Int8BinaryParams params = {0.02f, 0.03f, 0.04f, 3, 100, 50, 0, 255};
  for (auto _ : state) {
    Int8BinaryRow(op, params, a.data(), 1, b.data(), 1, kElements, y.data());
    benchmark::DoNotOptimize(y.data());
  }
  Bytes(state, 3);
}
BENCHMARK(Binary)->ArgName("op")->Arg(0)->Arg(1);

void Table(benchmark::State& state) {
  const std::vector<uint8_t> x(kElements, 3), table(256, 9);
  std::vector<uint8_t> y(kElements);
  for (auto _ : state) {
    Int8TableRow(table.data(), x.data(), kElements, y.data());
    benchmark::DoNotOptimize(y.data());
  }
  Bytes(state, 2);
}
BENCHMARK(Table);

}  // namespace
}  // namespace hone
