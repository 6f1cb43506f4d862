// The transforms of winograd.h, a vector of channels at a time.
#ifndef HONE_KERNELS_CPU_BLOCKED_WINOGRAD_TRANSFORM_H_
#define HONE_KERNELS_CPU_BLOCKED_WINOGRAD_TRANSFORM_H_

#include <cstdint>

#include "kernels/cpu/gemm/activation.h"

namespace hone {

// The points of interpolation are 0, +-A, +-B and infinity. These lose a fifth
// of the accuracy that the usual 1 and 2 lose, and are as exact in binary
// (Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd
// Convolution for Deep Neural Networks", 2020, choose points so).
inline constexpr float kWinogradA = 0.75f;
inline constexpr float kWinogradB = 1.5f;

// Tiles of 4x4 outputs of one image, row by row.
struct WinogradTiles {
  int64_t in_height, in_width, pad_h, pad_w;
  int64_t out_height, out_width;

  int64_t rows() const { return (out_height + 3) / 4; }
  int64_t columns() const { return (out_width + 3) / 4; }
  int64_t count() const { return rows() * columns(); }
};

// v[i * position + t] = (B^T d_t B)[i] for i < 36 and the tiles
// [first, first + count) of one block of channels; x is its image, pixels of a
// block each; `position` in floats.
void WinogradInput(const WinogradTiles& tiles, const float* x, int64_t first,
                   int64_t count, float* v, int64_t position);

// y = f(A^T m_t A + bias + residual) for the same tiles; m as v.
void WinogradOutput(const WinogradTiles& tiles, const float* m, int64_t first,
                    int64_t count, int64_t position, const float* bias,
                    const float* residual, const Activation& activation,
                    float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_WINOGRAD_TRANSFORM_H_
