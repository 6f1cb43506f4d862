// What the tests of blocked convolutions feed them.
#ifndef HONE_KERNELS_CPU_BLOCKED_BLOCKED_DATA_H_
#define HONE_KERNELS_CPU_BLOCKED_BLOCKED_DATA_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// x [batch, channels, pixels] in blocks.
inline std::vector<float> InBlocks(const std::vector<float>& x, int64_t batch,
                                   int64_t channels, int64_t pixels) {
  ThreadPool pool(1);
  std::vector<float> y(static_cast<size_t>(batch * ChannelBlocks(channels) *
                                           ChannelBlock() * pixels));
  BlockChannels(x.data(), batch, channels, pixels, y.data(), pool);
  return y;
}

// Of a convolution of one group, plain.
struct ConvData {
  explicit ConvData(const ConvShape& s)
      : x(RandomFloats(s.batch * s.in_channels * s.in_size(), 1)),
        w(RandomFloats(s.out_channels * s.depth(), 2)),
        bias(RandomFloats(s.out_channels, 3)),
        residual(RandomFloats(s.batch * s.out_channels * s.out_size(), 4)) {}
  std::vector<float> x, w, bias, residual;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKED_DATA_H_
