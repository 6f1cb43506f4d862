// GFLOP/s of the convolutions of three networks, a layer each, with a bias and
// a Relu. onnxruntime_bench.py runs the same layers in ONNX Runtime: it reads
// the extents from the names, channels x height x width -> channels, kernel,
// stride, padding, group.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "hwy/aligned_allocator.h"
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

struct Layer {
  const char* network;
  int64_t channels, size, out_channels, kernel, stride, groups;
};

constexpr Layer kLayers[] = {
    {"resnet", 3, 224, 64, 7, 2, 1},
    {"resnet18", 64, 56, 64, 3, 1, 1},
    {"resnet18", 64, 56, 128, 3, 2, 1},
    {"resnet18", 128, 28, 128, 3, 1, 1},
    {"resnet18", 128, 28, 256, 3, 2, 1},
    {"resnet18", 256, 14, 256, 3, 1, 1},
    {"resnet18", 256, 14, 512, 3, 2, 1},
    {"resnet18", 512, 7, 512, 3, 1, 1},
    {"resnet18", 64, 56, 128, 1, 2, 1},
    {"resnet50", 64, 56, 64, 1, 1, 1},
    {"resnet50", 64, 56, 256, 1, 1, 1},
    {"resnet50", 256, 56, 64, 1, 1, 1},
    {"resnet50", 512, 28, 128, 1, 1, 1},
    {"resnet50", 128, 28, 512, 1, 1, 1},
    {"resnet50", 1024, 14, 256, 1, 1, 1},
    {"resnet50", 256, 14, 1024, 1, 1, 1},
    {"resnet50", 2048, 7, 512, 1, 1, 1},
    {"resnet50", 512, 7, 2048, 1, 1, 1},
    {"mobilenetv2", 3, 224, 32, 3, 2, 1},
    {"mobilenetv2", 32, 112, 16, 1, 1, 1},
    {"mobilenetv2", 16, 112, 96, 1, 1, 1},
    {"mobilenetv2", 96, 56, 24, 1, 1, 1},
    {"mobilenetv2", 24, 56, 144, 1, 1, 1},
    {"mobilenetv2", 144, 28, 32, 1, 1, 1},
    {"mobilenetv2", 32, 28, 192, 1, 1, 1},
    {"mobilenetv2", 192, 14, 64, 1, 1, 1},
    {"mobilenetv2", 64, 14, 384, 1, 1, 1},
    {"mobilenetv2", 96, 14, 576, 1, 1, 1},
    {"mobilenetv2", 576, 14, 96, 1, 1, 1},
    {"mobilenetv2", 160, 7, 960, 1, 1, 1},
    {"mobilenetv2", 960, 7, 160, 1, 1, 1},
    {"mobilenetv2", 320, 7, 1280, 1, 1, 1},
    {"mobilenetv2", 32, 112, 32, 3, 1, 32},
    {"mobilenetv2", 96, 112, 96, 3, 2, 96},
    {"mobilenetv2", 144, 56, 144, 3, 1, 144},
    {"mobilenetv2", 144, 56, 144, 3, 2, 144},
    {"mobilenetv2", 192, 28, 192, 3, 1, 192},
    {"mobilenetv2", 384, 14, 384, 3, 1, 384},
    {"mobilenetv2", 576, 14, 576, 3, 2, 576},
    {"mobilenetv2", 960, 7, 960, 3, 1, 960},
    {"mobilenetv3", 240, 14, 240, 5, 1, 240},
};

void Run(benchmark::State& state, const Layer& layer) {
  const int threads = static_cast<int>(state.range(0));
  const ConvShape s =
      Square(1, layer.groups, layer.channels / layer.groups,
             layer.out_channels / layer.groups, layer.size, layer.size,
             layer.kernel, layer.stride, layer.kernel / 2);
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
  for (const Layer& layer : kLayers) {
    const std::string name =
        std::string(layer.network) + "/" + std::to_string(layer.channels) +
        "x" + std::to_string(layer.size) + "x" + std::to_string(layer.size) +
        "->" + std::to_string(layer.out_channels) + "/k" +
        std::to_string(layer.kernel) + "s" + std::to_string(layer.stride) +
        "p" + std::to_string(layer.kernel / 2) + "g" +
        std::to_string(layer.groups);
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
