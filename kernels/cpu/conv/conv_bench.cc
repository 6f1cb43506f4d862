// GFLOP/s of the convolutions of three networks, a layer each, with a bias and
// a Relu. onnxruntime_bench.py runs the same layers in ONNX Runtime: it reads
// the extents from the names, channels x height x width -> channels, kernel,
// stride, padding, group.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/bench_layers.h"
#include "kernels/cpu/conv/conv.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_pixels.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/depthwise/depthwise.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Run(benchmark::State& state, const BenchLayer& layer) {
  const int threads = static_cast<int>(state.range(0));
  const ConvShape s = layer.shape();
  const std::vector<float> x = RandomFloats(layer.channels * s.in_size(), 1);
  const std::vector<float> w = RandomFloats(layer.out_channels * s.depth(), 2);
  const std::vector<float> bias = RandomFloats(layer.out_channels, 3);
  const auto y = hwy::AllocateAligned<float>(
      static_cast<size_t>(layer.out_channels * s.out_size()));
  ConvEpilogue epilogue;
  epilogue.bias = bias.data();
  epilogue.activation =
      Activation::Clamp(0, std::numeric_limits<float>::infinity());
  ThreadPool pool(threads);
  if (layer.groups > 1) {
    const auto scratch =
        hwy::AllocateAligned<std::byte>(DepthwiseScratchBytes(s, threads));
    for (auto _ : state) {
      DepthwiseConv(s, x.data(), w.data(), epilogue, y.get(), scratch.get(),
                    pool);
      benchmark::ClobberMemory();
    }
  } else if (ConvPixelsPays(s)) {
    const PixelWeights packed(w.data(), 1, layer.out_channels, s.depth());
    const auto scratch =
        hwy::AllocateAligned<std::byte>(ConvPixelsScratchBytes(s, threads));
    for (auto _ : state) {
      ConvPixels(s, x.data(), packed, epilogue, y.get(), scratch.get(), pool);
      benchmark::ClobberMemory();
    }
  } else {
    const PackedRows packed(w.data(), 1, layer.out_channels, s.depth());
    const auto scratch =
        hwy::AllocateAligned<std::byte>(ConvScratchBytes(s, threads));
    for (auto _ : state) {
      Conv(s, x.data(), packed, epilogue, y.get(), scratch.get(), pool);
      benchmark::ClobberMemory();
    }
  }
  state.counters["GFLOP/s"] = benchmark::Counter(
      2e-9 * static_cast<double>(layer.out_channels * s.out_size()) *
          static_cast<double>(s.depth()) *
          static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

const bool kRegistered = [] {
  for (const BenchLayer& layer : kBenchLayers) {
    benchmark::RegisterBenchmark(
        layer.name().c_str(),
        [&layer](benchmark::State& state) { Run(state, layer); })
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime();
  }
  return true;
}();

}  // namespace
}  // namespace hone
