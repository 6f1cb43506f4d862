// GFLOP/s of convolutions in blocks of channels, a layer each, with a bias and
// a Relu; ../conv/onnxruntime_bench.py runs the same layers in ONNX Runtime.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/blocked/blocked_conv.h"
#include "kernels/cpu/blocked/blocked_product.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/blocked/winograd.h"
#include "kernels/cpu/conv/bench_layers.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

void Run(benchmark::State& state, const BenchLayer& layer, bool winograd) {
  const int threads = static_cast<int>(state.range(0));
  const ConvShape s = layer.shape();
  const int64_t block = ChannelBlock();
  const bool blocked_input = layer.channels >= block;
  const std::vector<float> x =
      RandomFloats(ChannelBlocks(layer.channels) * block * s.in_size(), 1);
  const std::vector<float> w = RandomFloats(layer.out_channels * s.depth(), 2);
  const int64_t out = ChannelBlocks(layer.out_channels) * block;
  const std::vector<float> bias = RandomFloats(out, 3);
  const auto y =
      hwy::AllocateAligned<float>(static_cast<size_t>(out * s.out_size()));
  ConvEpilogue epilogue;
  epilogue.bias = bias.data();
  epilogue.activation =
      Activation::Clamp(0, std::numeric_limits<float>::infinity());
  ThreadPool pool(threads);
  if (winograd) {
    const WinogradWeights packed(w.data(), layer.out_channels, layer.channels);
    const auto scratch =
        hwy::AllocateAligned<std::byte>(WinogradScratchBytes(s));
    for (auto _ : state) {
      WinogradConv(s, x.data(), packed, epilogue, y.get(), scratch.get(), pool);
      benchmark::ClobberMemory();
    }
  } else {
    const BlockedWeights packed(w.data(), layer.out_channels, layer.channels,
                                Volume(s.kernel), blocked_input);
    const auto scratch = hwy::AllocateAligned<std::byte>(
        1 + BlockedConvScratchBytes(s, blocked_input, threads));
    for (auto _ : state) {
      BlockedConv(s, x.data(), blocked_input, packed, epilogue, y.get(),
                  scratch.get(), pool);
      benchmark::ClobberMemory();
    }
  }
  state.counters["GFLOP/s"] = benchmark::Counter(
      2e-9 * static_cast<double>(layer.out_channels * s.out_size()) *
          static_cast<double>(s.depth()) *
          static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

void Register(BenchLayer layer, bool winograd) {
  benchmark::RegisterBenchmark(layer.name().c_str(),
                               [layer, winograd](benchmark::State& state) {
                                 Run(state, layer, winograd);
                               })
      ->Arg(1)
      ->Arg(2)
      ->UseRealTime();
}

const bool kRegistered = [] {
  for (BenchLayer layer : kBenchLayers) {
    if (layer.groups > 1) continue;
    Register(layer, false);
    if (!WinogradApplies(layer.shape())) continue;
    layer.network = "winograd";
    Register(layer, true);
  }
  return true;
}();

}  // namespace
}  // namespace hone
