// Packed weights times planes in a TapLayout, straight into the output image.
#ifndef HONE_KERNELS_CPU_CONV_TAP_PRODUCT_H_
#define HONE_KERNELS_CPU_CONV_TAP_PRODUCT_H_

#include <cstdint>

#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/panels.h"

namespace hone {

// y[m, h, w] = f(bias[m] + residual[m, h, w]
//                + sum_{c, t} A[m, (c, t)] * b[c * plane + taps[t] + h * pitch
//                                              + w])
struct TapProduct {
  // Weights as in PanelProduct; a_depth = channels * tap_count.
  RowPanels panels{0, 1};
  const float* a = nullptr;

  const float* b = nullptr;
  int64_t channels = 0;
  int64_t plane = 0;
  const int64_t* taps = nullptr;
  int64_t tap_count = 0;
  int64_t pitch = 0;

  int64_t out_height = 0;
  int64_t out_width = 0;
  float* y = nullptr;               // channel 0's [out_height, out_width]
  const float* residual = nullptr;  // like y; null: zeros
  const float* bias = nullptr;      // of channel 0; null: zeros
  Activation activation;
};

// Columns are computed in tiles of CurrentTileShape().columns positions: either
// through all positions in turn, or beginning anew at every row, whichever
// takes fewer vectors.
class ColumnTiles {
 public:
  ColumnTiles(int64_t pitch, int64_t out_height, int64_t out_width,
              int64_t width);

  int64_t count() const { return count_; }
  // Vectors of half a tile that all tiles take together.
  int64_t vectors() const { return vectors_; }
  struct Positions {
    int64_t begin;
    int64_t count;
  };
  Positions operator[](int64_t tile) const;

 private:
  int64_t pitch_;
  int64_t run_;  // positions that tiles pass through before beginning anew
  int64_t width_;
  int64_t per_run_;
  int64_t count_;
  int64_t vectors_;
};

// Computes row panels [panel_begin, panel_end) of tiles [tile_begin, tile_end).
void MultiplyTaps(const TapProduct& product, const ColumnTiles& tiles,
                  int64_t panel_begin, int64_t panel_end, int64_t tile_begin,
                  int64_t tile_end);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_TAP_PRODUCT_H_
