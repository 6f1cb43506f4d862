// Benchmarks of kernels that memory bounds: gigabytes read and written a
// second, beside a copy of as many.
//
//   void Relu(benchmark::State& state) {
//     for (auto _ : state) Unary(...);
//     CountBytes(state, 2 * n * sizeof(float));
//   }
//   BENCHMARK(Relu)->HONE_TRAFFIC_SIZES;
//   BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;
#ifndef HONE_KERNELS_CPU_TESTING_TRAFFIC_H_
#define HONE_KERNELS_CPU_TESTING_TRAFFIC_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "benchmark/benchmark.h"

namespace hone {

// Elements of a tensor in the cache, and of one that is not.
#define HONE_TRAFFIC_SIZES Arg(16 << 10)->Arg(4 << 20)

// `bytes` are read and written in one iteration.
inline void CountBytes(benchmark::State& state, size_t bytes) {
  state.counters["GB/s"] =
      benchmark::Counter(1e-9 * static_cast<double>(bytes),
                         benchmark::Counter::kIsIterationInvariantRate);
}

// Between -2 and 2, no two neighbours alike.
inline std::vector<float> BenchFloats(size_t n) {
  std::vector<float> x(n);
  uint32_t word = 1;
  for (float& value : x) {
    word = word * 1664525u + 1013904223u;
    value = static_cast<float>(word >> 8) * (4.0f / (1 << 24)) - 2;
  }
  return x;
}

inline void CopyFloats(benchmark::State& state) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  std::vector<float> y(x.size());
  for (auto _ : state) {
    std::memcpy(y.data(), x.data(), x.size() * sizeof(float));
    benchmark::ClobberMemory();
  }
  CountBytes(state, 2 * x.size() * sizeof(float));
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_TESTING_TRAFFIC_H_
