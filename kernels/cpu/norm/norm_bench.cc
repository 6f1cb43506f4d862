// Normalized rows in gigabytes read and written a second, beside a copy.
#include <cstddef>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/norm/norm.h"
#include "kernels/cpu/testing/traffic.h"

namespace hone {
namespace {

// Layer normalization: the moments, and every row by them. Read once from where
// it lies, and once from the nearest cache.
void Layers(benchmark::State& state, size_t extent) {
  const std::vector<float> x = BenchFloats(static_cast<size_t>(state.range(0)));
  const std::vector<float> scale = BenchFloats(extent);
  std::vector<float> y(x.size());
  const size_t rows = x.size() / extent;
  for (auto _ : state) {
    for (size_t row = 0; row < rows; ++row) {
      const Moments moments = MomentsOf(&x[row * extent], extent);
      const NormParams params = {moments.mean, moments.variance, scale.data(),
                                 scale.data(), 1};
      NormalizeRow(&x[row * extent], extent, params, &y[row * extent]);
    }
    benchmark::ClobberMemory();
  }
  CountBytes(state, 2 * rows * extent * sizeof(float));
}

BENCHMARK_CAPTURE(Layers, of_384, 384)->HONE_TRAFFIC_SIZES;
BENCHMARK_CAPTURE(Layers, of_768, 768)->HONE_TRAFFIC_SIZES;
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
