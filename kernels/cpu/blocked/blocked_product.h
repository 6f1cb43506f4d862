// Pixels times packed weights where output channels, and mostly input channels
// too, lie in blocks (blocks.h): what every blocked convolution comes down to.
#ifndef HONE_KERNELS_CPU_BLOCKED_BLOCKED_PRODUCT_H_
#define HONE_KERNELS_CPU_BLOCKED_BLOCKED_PRODUCT_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/panels.h"

namespace hone {

// Weights [out_channels, in_channels, taps] as panels of two vectors of output
// channels, [depth][vectors] each; the last has one vector where the blocks are
// odd. Rows of depth are in the order in which the input is met: (block, tap,
// channel in it) or, for a plain input, (channel, tap). What pads is zero.
class BlockedWeights {
 public:
  BlockedWeights(const float* w, int64_t out_channels, int64_t in_channels,
                 int64_t taps, bool blocked_input);

  const float* data() const { return data_.get(); }
  int64_t depth() const { return depth_; }
  int64_t out_blocks() const { return out_blocks_; }
  size_t bytes() const { return bytes_; }

 private:
  int64_t depth_;
  int64_t out_blocks_;
  size_t bytes_;
  hwy::AlignedFreeUniquePtr<float[]> data_;
};

// One tap of a kernel: where output (0, 0) meets it in a plane, and the outputs
// [h_begin, h_end) x [w_begin, w_end) that meet it inside the image. The others
// meet padding: a run of them skips the tap.
struct BlockedTap {
  static constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

  int64_t offset = 0;
  int64_t h_begin = 0, h_end = kAll;
  int64_t w_begin = 0, w_end = kAll;
};

// y[m, h, w] = f(bias[m] + residual[m, h, w] + sum_{p, t, c} W[(p, t, c), m]
//                * x[p * x_plane + taps[t].offset + h * pitch + w * step + c])
// with step and the extent of c a block, or 1 for a plain input.
struct BlockedProduct {
  const float* x = nullptr;
  bool blocked_input = true;
  int64_t x_plane = 0;
  int64_t planes = 0;  // blocks or channels
  const BlockedTap* taps = nullptr;
  int64_t tap_count = 0;
  int64_t pitch = 0;

  const float* w = nullptr;  // BlockedWeights::data
  int64_t out_blocks = 0;

  RowPanels runs{0, 1};  // of every output row
  int64_t rows = 0;
  float* y = nullptr;  // [out_blocks][y_plane]
  int64_t y_plane = 0;
  const float* bias = nullptr;      // out_blocks blocks; null: zeros
  const float* residual = nullptr;  // as y; null: zeros
  Activation activation;

  int64_t run_count() const { return runs.count() * rows; }
};

// Panels, of two blocks, that `blocks` blocks make.
inline int64_t BlockedPanels(int64_t blocks) { return (blocks + 1) / 2; }

// Runs [run_begin, run_end) of the panels [panel_begin, panel_end).
void MultiplyBlocked(const BlockedProduct& product, int64_t run_begin,
                     int64_t run_end, int64_t panel_begin, int64_t panel_end);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKED_PRODUCT_H_
