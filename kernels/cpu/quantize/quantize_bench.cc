// Conversions between floats and integers in gigabytes read and written a
// second, beside a copy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/quantize/quantize.h"
#include "kernels/cpu/testing/traffic.h"

namespace hone {
namespace {

constexpr float kScale = 0.02f;
constexpr int32_t kZeroPoint = 100;
constexpr QuantParams kParams = {&kScale, &kZeroPoint, 0};

template <typename T>
void Quantize(benchmark::State& state) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<T> y(x.size());
  for (auto _ : state) {
    QuantizeRow(x.data(), x.size(), kParams, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, x.size() * (sizeof(float) + sizeof(T)));
}

template <typename T>
void Dequantize(benchmark::State& state) {
  const std::vector<T> x(static_cast<size_t>(state.range(0)), 7);
  std::vector<float> y(x.size());
  for (auto _ : state) {
    DequantizeRow(x.data(), x.size(), kParams, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, x.size() * (sizeof(float) + sizeof(T)));
}

void QuantizeDequantize(benchmark::State& state) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<float> y(x.size());
  for (auto _ : state) {
    QuantizeDequantizeRow(x.data(), x.size(), kParams, 0, 255, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, 2 * x.size() * sizeof(float));
}

BENCHMARK(Quantize<uint8_t>)->HONE_TRAFFIC_SIZES;
BENCHMARK(Quantize<int16_t>)->HONE_TRAFFIC_SIZES;
BENCHMARK(Dequantize<uint8_t>)->HONE_TRAFFIC_SIZES;
BENCHMARK(Dequantize<int32_t>)->HONE_TRAFFIC_SIZES;
BENCHMARK(QuantizeDequantize)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
