// The layers of three networks that the benchmarks of convolutions run, and
// their names: channels x height x width -> channels, kernel, stride, padding,
// group, which onnxruntime_bench.py reads.
#ifndef HONE_KERNELS_CPU_CONV_BENCH_LAYERS_H_
#define HONE_KERNELS_CPU_CONV_BENCH_LAYERS_H_

#include <cstdint>
#include <string>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"

namespace hone {

struct BenchLayer {
  const char* network;
  int64_t channels, size, out_channels, kernel, stride, groups;

  ConvShape shape() const {
    return Square(1, groups, channels / groups, out_channels / groups, size,
                  size, kernel, stride, kernel / 2);
  }
  std::string name() const {
    return std::string(network) + "/" + std::to_string(channels) + "x" +
           std::to_string(size) + "x" + std::to_string(size) + "->" +
           std::to_string(out_channels) + "/k" + std::to_string(kernel) + "s" +
           std::to_string(stride) + "p" + std::to_string(kernel / 2) + "g" +
           std::to_string(groups);
  }
};

inline constexpr BenchLayer kBenchLayers[] = {
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

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_BENCH_LAYERS_H_
