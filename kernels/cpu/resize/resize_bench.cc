// Resized pictures in gigabytes read and written a second, beside a copy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "kernels/cpu/resize/resize.h"
#include "kernels/cpu/resize/resize_taps.h"
#include "kernels/cpu/testing/traffic.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// 32 planes of `size` x `size` pixels, twice as high and wide.
void Twice(benchmark::State& state, ResizeAxis::Mode mode) {
  ResizeAxis plane, side;
  plane.input = plane.output = 32;
  side.input = state.range(0);
  side.output = 2 * side.input;
  side.scale = 2;
  side.mode = mode;
  const std::vector<ResizeTaps> axes = {TapsOf(plane), TapsOf(side),
                                        TapsOf(side)};
  const size_t pixels = static_cast<size_t>(32 * side.input * side.input);
  const std::vector<float> x = BenchFloats(pixels);
  std::vector<float> y(4 * pixels);
  ThreadPool pool(1);
  for (auto _ : state) {
    Resize(pool, x.data(), axes, 0, y.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state, (x.size() + y.size()) * sizeof(float));
}

BENCHMARK_CAPTURE(Twice, nearest, ResizeAxis::Mode::kNearest)->Arg(20)->Arg(80);
BENCHMARK_CAPTURE(Twice, linear, ResizeAxis::Mode::kLinear)->Arg(20)->Arg(80);
BENCHMARK_CAPTURE(Twice, cubic, ResizeAxis::Mode::kCubic)->Arg(20)->Arg(80);
BENCHMARK(CopyFloats)->HONE_TRAFFIC_SIZES;

}  // namespace
}  // namespace hone
