// GFLOP/s of transposed convolutions as decoders have them, with a bias.
// ../conv/onnxruntime_bench.py runs the same layers in ONNX Runtime: it reads
// the extents from the names.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/conv_transpose/conv_transpose.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

struct Layer {
  int64_t channels, size, out_channels, kernel, stride, pad;
};

constexpr Layer kLayers[] = {
    {256, 14, 128, 4, 2, 1}, {128, 28, 64, 4, 2, 1}, {64, 56, 32, 2, 2, 0},
    {24, 80, 24, 2, 2, 0},   {64, 28, 64, 3, 1, 1},
};

void Run(benchmark::State& state, const Layer& layer) {
  const int threads = static_cast<int>(state.range(0));
  ConvShape s;
  s.in_channels = layer.channels;
  s.out_channels = layer.out_channels;
  s.in = {1, layer.size, layer.size};
  s.kernel = {1, layer.kernel, layer.kernel};
  s.stride = {1, layer.stride, layer.stride};
  s.pad_begin = {0, layer.pad, layer.pad};
  const int64_t out =
      (layer.size - 1) * layer.stride + layer.kernel - 2 * layer.pad;
  s.out = {1, out, out};
  const std::vector<float> x = RandomFloats(layer.channels * s.in_size(), 1);
  const std::vector<float> w =
      RandomFloats(layer.channels * layer.out_channels * Volume(s.kernel), 2);
  const std::vector<float> bias = RandomFloats(layer.out_channels, 3);
  const auto y = hwy::AllocateAligned<float>(
      static_cast<size_t>(layer.out_channels * s.out_size()));
  const PackedRows packed = PackConvTransposeWeights(s, w.data());
  const auto scratch =
      hwy::AllocateAligned<std::byte>(ConvTransposeScratchBytes(s, threads));
  ThreadPool pool(threads);
  for (auto _ : state) {
    ConvTranspose(s, x.data(), packed, bias.data(), {}, y.get(), scratch.get(),
                  pool);
    benchmark::ClobberMemory();
  }
  state.counters["GFLOP/s"] = benchmark::Counter(
      2e-9 * static_cast<double>(w.size()) * static_cast<double>(s.in_size()) *
          static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

const bool kRegistered = [] {
  for (const Layer& layer : kLayers) {
    const std::string size = std::to_string(layer.size);
    const std::string name =
        "transposed/" + std::to_string(layer.channels) + "x" + size + "x" +
        size + "->" + std::to_string(layer.out_channels) + "/k" +
        std::to_string(layer.kernel) + "s" + std::to_string(layer.stride) +
        "p" + std::to_string(layer.pad) + "g1";
    benchmark::RegisterBenchmark(
        name.c_str(), [&layer](benchmark::State& state) { Run(state, layer); })
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime();
  }
  return true;
}();

}  // namespace
}  // namespace hone
