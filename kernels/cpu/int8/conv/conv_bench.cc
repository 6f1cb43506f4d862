// Convolutions and depthwise convolutions of ResNet and MobileNetV2, one
// thread, in GOP/s (two a multiply-add); the machine's limit is "Limit" of
// ../gemm:product_bench.
//
//   bazel run -c opt //kernels/cpu/int8/conv:conv_bench
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/conv.h"
#include "kernels/cpu/int8/depthwise/depthwise.h"
#include "kernels/cpu/int8/depthwise/weights.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Groups, channels of one in and out, extent, kernel, stride.
ConvShape ShapeOf(const benchmark::State& state) {
  ConvShape s;
  s.groups = state.range(0);
  s.in_channels = state.range(1);
  s.out_channels = state.range(2);
  const int64_t extent = state.range(3);
  const int64_t kernel = state.range(4);
  const int64_t stride = state.range(5);
  s.in = {1, extent, extent};
  s.kernel = {1, kernel, kernel};
  s.stride = {1, stride, stride};
  s.pad_begin = {0, kernel / 2, kernel / 2};
  const int64_t out = (extent + kernel / 2 * 2 - kernel) / stride + 1;
  s.out = {1, out, out};
  return s;
}

void Count(benchmark::State& state, const ConvShape& s) {
  state.SetLabel(CurrentInt8Layout().name());
  state.counters["GOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(s.out_size() * s.groups *
                                                    s.out_channels * s.depth()),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void Run(benchmark::State& state) {
  const ConvShape s = ShapeOf(state);
  const std::vector<uint8_t> x(
      static_cast<size_t>(s.in_size() * s.groups * s.in_channels), 3);
  const int64_t together =
      Int8DepthwiseApplies(s) ? Int8DepthwisePixelsTogether(s) : 1;
  const std::vector<int8_t> w(
      static_cast<size_t>(together * s.groups * s.out_channels * s.depth()), 5);
  std::vector<uint8_t> y(
      static_cast<size_t>(s.out_size() * s.groups * s.out_channels));
  const std::vector<int32_t> bias(
      static_cast<size_t>(s.groups * s.out_channels + 128));
  const std::vector<float> multiplier(bias.size(), 0.01f);
  Int8Epilogue epilogue;
  epilogue.bias = bias.data();
  epilogue.multiplier = multiplier.data();
  ThreadPool pool(1);
  if (Int8DepthwiseApplies(s)) {
    const Int8DepthwiseWeights weights(w.data(), together * s.groups,
                                       Volume(s.kernel), CurrentInt8Layout());
    const auto scratch =
        hwy::AllocateAligned<std::byte>(Int8DepthwiseScratchBytes(s));
    for (auto _ : state) {
      Int8Depthwise(s, x.data(), 7, weights, epilogue, y.data(), scratch.get(),
                    pool);
      benchmark::DoNotOptimize(y.data());
    }
    Count(state, s);
    return;
  }
  const Int8ConvTaps taps = Int8ConvTapsOf(s);
  const PackedInt8 weights(ArrangeInt8Taps(s, w.data()).data(), s.groups,
                           s.out_channels, taps.count, taps.depth,
                           CurrentInt8Layout());
  const auto scratch =
      hwy::AllocateAligned<std::byte>(Int8ConvScratchBytes(s, 1));
  for (auto _ : state) {
    Int8Conv(s, x.data(), 7, weights, epilogue, y.data(), scratch.get(), pool);
    benchmark::DoNotOptimize(y.data());
  }
  Count(state, s);
}

BENCHMARK(Run)
    ->Name("Conv")
    ->ArgNames({"groups", "in", "out", "extent", "kernel", "stride"})
    ->Args({1, 3, 64, 224, 7, 2})
    ->Args({1, 64, 64, 56, 3, 1})
    ->Args({1, 128, 128, 28, 3, 1})
    ->Args({1, 512, 512, 7, 3, 1})
    ->Args({1, 256, 64, 56, 1, 1})
    ->Args({1, 16, 96, 112, 1, 1})
    ->Args({1, 144, 24, 56, 1, 1})
    ->Args({1, 320, 1280, 7, 1, 1})
    ->Args({32, 1, 1, 112, 3, 1})
    ->Args({96, 1, 1, 112, 3, 2})
    ->Args({144, 1, 1, 56, 3, 1})
    ->Args({960, 1, 1, 7, 3, 1})
    ->Args({120, 1, 1, 28, 5, 1});

}  // namespace
}  // namespace hone
