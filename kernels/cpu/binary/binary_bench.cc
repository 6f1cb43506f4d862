// Rows of two operands in gigabytes read and written a second, beside a copy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/select.h"
#include "kernels/cpu/testing/traffic.h"

namespace hone {
namespace {

// `step` 0: b is one number.
void Run(benchmark::State& state, BinaryOp op, int64_t step) {
  const std::vector<float> a = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<float> b(a.begin(), a.end()), y(a.size());
  for (auto _ : state) {
    BinaryRow(op, a.data(), 1, b.data(), step, a.size(), y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, (step == 0 ? 2 : 3) * a.size() * sizeof(float));
}

void Pow(benchmark::State& state, float exponent) {
  std::vector<float> a = BenchFloats(static_cast<size_t>(state.range(0)));
  for (float& x : a) x = x < 0 ? -x : x;
  std::vector<float> y(a.size());
  for (auto _ : state) {
    BinaryRow(BinaryOp::kPow, a.data(), 1, &exponent, 0, a.size(), y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, 2 * a.size() * sizeof(float));
}

void Less(benchmark::State& state) {
  const std::vector<float> a = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<uint8_t> y(a.size());
  const float half = 0.5f;
  for (auto _ : state) {
    CompareRow(CompareOp::kLess, a.data(), 1, &half, 0, a.size(), y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, a.size() * (sizeof(float) + 1));
}

// As many conditions hold as do not, in no order.
void Where(benchmark::State& state) {
  const std::vector<float> a = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<uint8_t> condition(a.size());
  for (size_t i = 0; i < a.size(); ++i) condition[i] = a[i] < 0 ? 1 : 0;
  std::vector<uint32_t> p(a.size(), 1), q(a.size(), 2), y(a.size());
  for (auto _ : state) {
    SelectRow(condition.data(), 1, p.data(), 1, q.data(), 1, a.size(),
              y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, a.size() * (3 * sizeof(float) + 1));
}

BENCHMARK_CAPTURE(Run, add, BinaryOp::kAdd, 1)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, mul_by_one_number, BinaryOp::kMul, 0)
    ->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, div, BinaryOp::kDiv, 1)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, max, BinaryOp::kMax, 1)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Pow, one_and_a_half, 1.5f)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Pow, cube, 3.0f)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Pow, root, 0.5f)->HONE_TRAFFIC_SIZES;
BENCHMARK(Less)->HONE_TRAFFIC_SIZES;
BENCHMARK(Where)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
