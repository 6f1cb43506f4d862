// Neighbouring outputs of one row of a depthwise convolution.
#ifndef HONE_KERNELS_CPU_INT8_DEPTHWISE_PIXELS_H_
#define HONE_KERNELS_CPU_INT8_DEPTHWISE_PIXELS_H_

#include <cstdint>

#include "kernels/cpu/int8/depthwise/weights.h"
#include "kernels/cpu/int8/gemm/epilogue.h"

namespace hone {

inline constexpr int64_t kMostDepthwiseTaps = 64;

struct Int8DepthwisePixels {
  const Int8DepthwiseWeights* weights = nullptr;
  const Int8Epilogue* epilogue = nullptr;
  // The pixel that tap t reads for the first output, and how far it moves from
  // one output to the next, in bytes; taps past the last are any pixel. Every
  // pixel has block() readable bytes from each block's start.
  const uint8_t* at[kMostDepthwiseTaps];
  int64_t step[kMostDepthwiseTaps];
  int64_t count = 0;
  void* y = nullptr;  // of the first output
};

void MultiplyInt8Pixels(const Int8DepthwisePixels& pixels);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_DEPTHWISE_PIXELS_H_
