#include "kernels/cpu/blocked/blocked_product.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/panels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/blocked/blocked_product.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/blocked/blocked_tile-inl.h"
#include "kernels/cpu/gemm/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Products summed before the next run of pixels takes its turn: so many rows of
// the weights of a panel stay in the first-level cache.
constexpr int64_t kDepth = 288;
// Runs that share them: their pixels stay in the second-level cache.
constexpr int64_t kRuns = 16;

// The taps that some of `rows` outputs meet inside the image; their number.
int64_t TapsOf(const BlockedProduct& p, int64_t row, int64_t pixel,
               int64_t rows, int64_t w_tap, BlockedTileTap* taps) {
  int64_t count = 0;
  for (int64_t t = 0; t < p.tap_count; ++t) {
    const BlockedTap& tap = p.taps[t];
    if (row < tap.h_begin || row >= tap.h_end || pixel >= tap.w_end ||
        pixel + rows <= tap.w_begin) {
      continue;
    }
    taps[count++] = {tap.offset, t * w_tap};
  }
  return count;
}

void Multiply(const BlockedProduct& p, int64_t run_begin, int64_t run_end,
              int64_t panel_begin, int64_t panel_end) {
  constexpr int64_t kLanes = hn::MaxLanes(hn::ScalableTag<float>());
  constexpr int64_t kWidth = kMaxVectors * kLanes;
  const int64_t step = p.blocked_input ? kLanes : 1;
  const int64_t depth = p.planes * p.tap_count * step;
  const int64_t per_row = p.runs.count();
  const int64_t take =
      std::max<int64_t>(1, kDepth / std::max<int64_t>(1, p.tap_count * step));
  const bool in_tile = p.activation.in_tile();
  const float zeros[kWidth] = {};
  std::vector<BlockedTileTap> taps(static_cast<size_t>(p.tap_count));
  BlockedTileArgs args;
  args.x_plane = p.x_plane;
  args.taps = taps.data();
  args.y_plane = p.y_plane;
  args.low = p.activation.a;
  args.high = p.activation.b;
  for (int64_t runs = run_begin; runs < run_end; runs += kRuns) {
    const int64_t runs_end = std::min(run_end, runs + kRuns);
    for (int64_t panel = panel_begin; panel < panel_end; ++panel) {
      const int64_t block = panel * kMaxVectors;
      const int64_t vectors =
          std::min(int64_t{kMaxVectors}, p.out_blocks - block);
      const int64_t width = vectors * kLanes;
      const float* const w = p.w + panel * depth * kWidth;
      args.w_plane = p.tap_count * step * width;
      for (int64_t k = 0; k == 0 || k < p.planes; k += take) {
        const bool last = k + take >= p.planes;
        args.planes = std::min(take, p.planes - k);
        args.w = w + k * args.w_plane;
        args.clamp = last && p.activation.kind == Activation::Kind::kClamp;
        for (int64_t run = runs; run < runs_end; ++run) {
          const int64_t row = run / per_row;
          const int64_t pixel = p.runs.Begin(run % per_row);
          const int64_t rows = p.runs.Rows(run % per_row);
          const int64_t at =
              block * p.y_plane + (row * p.runs.rows() + pixel) * kLanes;
          args.tap_count =
              TapsOf(p, row, pixel, rows, step * width, taps.data());
          args.x = p.x + k * p.x_plane + row * p.pitch + pixel * step;
          args.y = p.y + at;
          args.bias = k > 0               ? nullptr
                      : p.bias == nullptr ? zeros
                                          : p.bias + block * kLanes;
          args.residual =
              last && p.residual != nullptr ? p.residual + at : nullptr;
          const BlockedTileFn tile =
              p.blocked_input ? PickBlockedTile<true>(rows, vectors)
                              : PickBlockedTile<false>(rows, vectors);
          tile(args);
          if (in_tile || !last) continue;
          for (int64_t v = 0; v < vectors; ++v) {
            ActivateRow(p.activation, args.y + v * p.y_plane,
                        static_cast<size_t>(rows * kLanes));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Multiply);

BlockedWeights::BlockedWeights(const float* w, int64_t out_channels,
                               int64_t in_channels, int64_t taps,
                               bool blocked_input) {
  const int64_t lanes = ChannelBlock();
  const int64_t inner = blocked_input ? lanes : 1;
  const int64_t planes = (in_channels + inner - 1) / inner;
  depth_ = planes * taps * inner;
  out_blocks_ = ChannelBlocks(out_channels);
  const size_t floats = static_cast<size_t>(depth_ * out_blocks_ * lanes);
  bytes_ = floats * sizeof(float);
  data_ = hwy::AllocateAligned<float>(std::max<size_t>(1, floats));
  float* to = data_.get();
  for (int64_t block = 0; block < out_blocks_; block += 2) {
    const int64_t width = std::min<int64_t>(2, out_blocks_ - block) * lanes;
    const int64_t valid = std::min(width, out_channels - block * lanes);
    const float* const from = w + block * lanes * in_channels * taps;
    for (int64_t p = 0; p < planes; ++p) {
      for (int64_t t = 0; t < taps; ++t) {
        for (int64_t i = 0; i < inner; ++i) {
          const int64_t c = p * inner + i;
          const int64_t filled = c < in_channels ? valid : 0;
          const float* const tap = from + c * taps + t;
          for (int64_t v = 0; v < filled; ++v) {
            to[v] = tap[v * in_channels * taps];
          }
          std::fill(to + filled, to + width, 0.0f);
          to += width;
        }
      }
    }
  }
}

void MultiplyBlocked(const BlockedProduct& product, int64_t run_begin,
                     int64_t run_end, int64_t panel_begin, int64_t panel_end) {
  HWY_DYNAMIC_DISPATCH(Multiply)
  (product, run_begin, run_end, panel_begin, panel_end);
}

}  // namespace hone
#endif  // HWY_ONCE
