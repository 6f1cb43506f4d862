// Elementwise functions in gigabytes read and written a second, beside a copy.
#include <cstddef>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/cpu/unary/unary.h"

namespace hone {
namespace {

void Run(benchmark::State& state, UnaryOp op) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<float> y(x.size());
  for (auto _ : state) {
    Unary(op, {1, 1}, x.data(), x.size(), y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, 2 * x.size() * sizeof(float));
}

BENCHMARK_CAPTURE(Run, relu, UnaryOp::kRelu)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, clip, UnaryOp::kClip)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, hard_swish, UnaryOp::kHardSwish)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, exp, UnaryOp::kExp)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, sigmoid, UnaryOp::kSigmoid)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, swish, UnaryOp::kSwish)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, tanh, UnaryOp::kTanh)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, erf, UnaryOp::kErf)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, gelu, UnaryOp::kGelu)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, sin, UnaryOp::kSin)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Run, cos, UnaryOp::kCos)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
