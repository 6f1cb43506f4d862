// Depthwise convolution and pooling over channels in blocks (blocks.h): one
// vector of channels of a pixel at a time, nothing gathered, no masks.
#ifndef HONE_KERNELS_CPU_BLOCKED_BLOCKED_WINDOW_H_
#define HONE_KERNELS_CPU_BLOCKED_BLOCKED_WINDOW_H_

#include <cstddef>
#include <cstdint>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// x [planes, height.input, width.input, block], y of the outputs' extents;
// planes = samples times blocks.
struct BlockedWindow {
  int64_t planes = 1;
  PoolAxis height;
  PoolAxis width;

  int64_t in_size() const { return height.input * width.input; }
  int64_t out_size() const { return height.output * width.output; }
};

// Filters [channels, taps] as [block of channels][tap][lane].
class BlockedFilters {
 public:
  BlockedFilters(const float* w, int64_t channels, int64_t taps);

  const float* data() const { return data_.get(); }
  int64_t blocks() const { return blocks_; }
  size_t bytes() const { return bytes_; }

 private:
  int64_t blocks_;
  size_t bytes_;
  hwy::AlignedFreeUniquePtr<float[]> data_;
};

// y[p, o] = f(bias[p % blocks] + residual[p, o]
//             + sum_k w[p % blocks, k] * x[p, o * stride - pad + k * dilation])
// bias: filters.blocks() blocks. window.planes is a multiple of that number.
void BlockedDepthwise(const BlockedWindow& window, const float* x,
                      const BlockedFilters& filters,
                      const ConvEpilogue& epilogue, float* y, ThreadPool& pool);

// kMax and kAverage, as Pool has them. Sums of a window are in float32, row by
// row.
void BlockedPool(PoolOp op, bool count_include_pad, const BlockedWindow& window,
                 const float* x, float* y, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKED_WINDOW_H_
