// Planes in a TapLayout times packed weights, a few neighbouring output pixels
// by a vector of output channels at a time: no lane is lost where rows are
// short, as in the last layers of an image network.
#ifndef HONE_KERNELS_CPU_CONV_PIXEL_PRODUCT_H_
#define HONE_KERNELS_CPU_CONV_PIXEL_PRODUCT_H_

#include <cstdint>

#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/panels.h"

namespace hone {

// y[m, h, w] = f(bias[m] + residual[m, h, w]
//                + sum_{c, t} W[(c, t), m] * x[c * plane + taps[t] + h * pitch
//                                              + w])
struct PixelProduct {
  const float* x = nullptr;
  int64_t channels = 0;
  int64_t plane = 0;
  const int64_t* taps = nullptr;
  int64_t tap_count = 0;
  int64_t pitch = 0;

  // Column panels [depth][width] of W, width = CurrentTileShape().columns, as
  // PackedColumns has them; depth = channels * tap_count.
  const float* w = nullptr;
  int64_t out_channels = 0;

  // Every output row is divided into these runs of pixels.
  RowPanels runs{0, 1};
  int64_t out_size = 0;             // of one channel, rows of runs.rows()
  float* y = nullptr;               // channel 0
  const float* residual = nullptr;  // like y; null: zeros
  const float* bias = nullptr;      // of channel 0; null: zeros
  Activation activation;
};

// Runs that one call may compute: their sums stay in the first-level cache.
inline constexpr int64_t kPixelRuns = 16;

// Floats of `buffer`.
int64_t PixelBufferSize();

// Runs [run_begin, run_end), at most kPixelRuns, counted through all rows; of
// the channels of panels [panel_begin, panel_end).
void MultiplyPixels(const PixelProduct& product, int64_t run_begin,
                    int64_t run_end, int64_t panel_begin, int64_t panel_end,
                    float* buffer);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_PIXEL_PRODUCT_H_
