#include "kernels/cpu/conv/pixel_product.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/panels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/conv/pixel_product.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/conv/pixel_tile-inl.h"
#include "kernels/cpu/gemm/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Products summed before the next run of pixels takes its turn: so many rows of
// the weights stay in the second-level cache.
constexpr int64_t kDepth = 512;

// One tile of sums, [rows][width], to y: `columns` channels from y on.
void StoreTile(const PixelProduct& p, float* tile, int64_t rows, int64_t width,
               int64_t columns, int64_t offset) {
  if (!p.activation.in_tile() && p.residual == nullptr) {
    ActivateRow(p.activation, tile, static_cast<size_t>(rows * width));
  }
  float* const y = p.y + offset;
  const float* const residual =
      p.residual == nullptr ? nullptr : p.residual + offset;
  if (rows < 4) {
    for (int64_t j = 0; j < columns; ++j) {
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t at = j * p.out_size + r;
        y[at] = tile[r * width + j] + (residual == nullptr ? 0 : residual[at]);
      }
    }
  } else {
    for (int64_t r = 0; r < rows; r += 4) {
      const int64_t first = std::min(r, rows - 4);  // the last may overlap
      StoreFourRows(tile + first * width, width, columns, p.out_size,
                    residual == nullptr ? nullptr : residual + first,
                    y + first);
    }
  }
  // A residual was added just now, so the activation comes last.
  if (residual == nullptr) return;
  for (int64_t j = 0; j < columns; ++j) {
    ActivateRow(p.activation, y + j * p.out_size, static_cast<size_t>(rows));
  }
}

void Multiply(const PixelProduct& p, int64_t run_begin, int64_t run_end,
              int64_t panel_begin, int64_t panel_end, float* buffer) {
  constexpr int64_t kWidth = kPixelWidth;
  const int64_t depth = p.channels * p.tap_count;
  const int64_t per_row = p.runs.count();
  const int64_t step = std::max<int64_t>(1, kDepth / p.tap_count);
  const bool clamp =
      p.activation.kind == Activation::Kind::kClamp && p.residual == nullptr;
  int64_t panel = panel_begin;
  while (panel < panel_end) {
    // Few pixels leave registers for two panels at a time.
    const int64_t panels =
        p.runs.Rows(0) <= kMaxRowsOfTwoPanels && panel + 1 < panel_end ? 2 : 1;
    const int64_t width = panels * kWidth;
    const int64_t first = panel * kWidth;
    const int64_t columns = std::min(width, p.out_channels - first);
    HWY_ALIGN float bias[2 * kWidth] = {};
    if (p.bias != nullptr) std::copy_n(p.bias + first, columns, bias);

    PixelTileArgs args;
    args.x_plane = p.plane;
    args.taps = p.taps;
    args.tap_count = p.tap_count;
    args.w_panel = depth * kWidth;
    args.low = p.activation.a;
    args.high = p.activation.b;
    for (int64_t c = 0; c == 0 || c < p.channels; c += step) {
      args.channels = std::min(step, p.channels - c);
      args.clamp = clamp && c + step >= p.channels;
      args.w = p.w + panel * depth * kWidth + c * p.tap_count * kWidth;
      float* tile = buffer;
      for (int64_t run = run_begin; run < run_end; ++run) {
        const int64_t row = run / per_row;
        const int64_t pixel = p.runs.Begin(run % per_row);
        const int64_t rows = p.runs.Rows(run % per_row);
        args.x = p.x + c * p.plane + row * p.pitch + pixel;
        args.sums = tile;
        args.initial = c == 0 ? bias : tile;
        args.initial_stride = c == 0 ? 0 : width;
        PickPixelTile(rows, panels)(args);
        if (c + step >= p.channels) {
          StoreTile(p, tile, rows, width, columns,
                    first * p.out_size + row * p.runs.rows() + pixel);
        }
        tile += rows * width;
      }
    }
    panel += panels;
  }
}

int64_t BufferSize() { return kPixelRuns * kMaxRows * kPixelWidth; }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(BufferSize);
HWY_EXPORT(Multiply);

int64_t PixelBufferSize() { return HWY_DYNAMIC_DISPATCH(BufferSize)(); }

void MultiplyPixels(const PixelProduct& product, int64_t run_begin,
                    int64_t run_end, int64_t panel_begin, int64_t panel_end,
                    float* buffer) {
  HWY_DYNAMIC_DISPATCH(Multiply)
  (product, run_begin, run_end, panel_begin, panel_end, buffer);
}

}  // namespace hone
#endif  // HWY_ONCE
