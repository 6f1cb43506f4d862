// The register tile of pixel_product.h: kRows pixels times kVectors vectors of
// output channels; included by files that Highway's foreach_target compiles
// again for each.
#if defined(HONE_KERNELS_CPU_CONV_PIXEL_TILE_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_CONV_PIXEL_TILE_INL_H_
#undef HONE_KERNELS_CPU_CONV_PIXEL_TILE_INL_H_
#else
#define HONE_KERNELS_CPU_CONV_PIXEL_TILE_INL_H_
#endif

#include <cstdint>
#include <utility>

#include "hwy/highway.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int64_t kPixelWidth =
    kMaxVectors * hn::MaxLanes(hn::ScalableTag<float>());
constexpr int kMaxRowsOfTwoPanels = kMaxRows / 2;

// sums[r][v] = clamp(initial[r][v]
//                    + sum_{c, t} x[c * x_plane + taps[t] + r] * w[(c, t)][v])
struct PixelTileArgs {
  const float* x = nullptr;
  int64_t x_plane = 0;
  int64_t channels = 0;
  const int64_t* taps = nullptr;
  int64_t tap_count = 0;
  const float* w = nullptr;  // rows of kPixelWidth
  int64_t w_panel = 0;       // to the second panel
  float* sums = nullptr;     // dense
  const float* initial = nullptr;
  int64_t initial_stride = 0;  // 0: one row for all
  bool clamp = false;
  float low = 0;
  float high = 0;
};

template <int kRows, int kPanels>
HWY_NOINLINE void PixelTile(const PixelTileArgs& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t kLanes = hn::MaxLanes(d);
  constexpr int kVectors = kPanels * kMaxVectors;
  V sum[kRows][kVectors];
  HONE_UNROLL for (int r = 0; r < kRows; ++r) {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = hn::LoadU(d, t.initial + r * t.initial_stride + v * kLanes);
    }
  }
  const float* HWY_RESTRICT w = t.w;
  const float* HWY_RESTRICT x = t.x;
  const int64_t w_panel = t.w_panel;
  const int64_t* const taps = t.taps;
  const int64_t tap_count = t.tap_count;
  for (int64_t c = t.channels; c > 0; --c) {
    for (int64_t tap = 0; tap < tap_count; ++tap) {
      const float* const from = x + taps[tap];
      V column[kVectors];
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        column[v] = hn::LoadU(
            d, w + v / kMaxVectors * w_panel + v % kMaxVectors * kLanes);
      }
      HONE_UNROLL for (int r = 0; r < kRows; ++r) {
        const V pixel = hn::Set(d, from[r]);
        HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
          sum[r][v] = hn::MulAdd(pixel, column[v], sum[r][v]);
        }
      }
      w += kPixelWidth;
    }
    x += t.x_plane;
  }
  if (t.clamp) {
    const V low = hn::Set(d, t.low);
    const V high = hn::Set(d, t.high);
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        sum[r][v] = ClampVector(d, sum[r][v], low, high);
      }
    }
  }
  HONE_UNROLL for (int r = 0; r < kRows; ++r) {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(sum[r][v], d, t.sums + (r * kVectors + v) * kLanes);
    }
  }
}

using PixelTileFn = void (*)(const PixelTileArgs&);

template <int kPanels, int... kRows>
PixelTileFn PickPixelTile(int64_t rows, std::integer_sequence<int, kRows...>) {
  static constexpr PixelTileFn kTiles[] = {&PixelTile<kRows + 1, kPanels>...};
  return kTiles[rows - 1];
}

// panels 1: 1 <= rows <= kMaxRows; panels 2: 1 <= rows <= kMaxRowsOfTwoPanels.
inline PixelTileFn PickPixelTile(int64_t rows, int64_t panels) {
  return panels == 1
             ? PickPixelTile<1>(rows,
                                std::make_integer_sequence<int, kMaxRows>())
             : PickPixelTile<2>(
                   rows,
                   std::make_integer_sequence<int, kMaxRowsOfTwoPanels>());
}

// y[j * y_stride + r] = tile[r * width + j] + residual[j * y_stride + r] for
// four rows r and j < columns; residual may be null.
inline void StoreFourRows(const float* tile, int64_t width, int64_t columns,
                          int64_t y_stride, const float* residual, float* y) {
  const hn::ScalableTag<float> d;
  const hn::RepartitionToWide<decltype(d)> d64;
  const hn::CappedTag<float, 4> d4;
  constexpr int64_t kLanes = hn::MaxLanes(d);
  for (int64_t j = 0; j < columns; j += kLanes) {
    const auto a = hn::LoadU(d, tile + j);
    const auto b = hn::LoadU(d, tile + width + j);
    const auto c = hn::LoadU(d, tile + 2 * width + j);
    const auto e = hn::LoadU(d, tile + 3 * width + j);
    const auto ab0 = hn::BitCast(d64, hn::InterleaveLower(d, a, b));
    const auto ab1 = hn::BitCast(d64, hn::InterleaveUpper(d, a, b));
    const auto ce0 = hn::BitCast(d64, hn::InterleaveLower(d, c, e));
    const auto ce1 = hn::BitCast(d64, hn::InterleaveUpper(d, c, e));
    // Block q of vector i holds column 4 q + i.
    HWY_ALIGN float by_column[4 * kLanes];
    hn::Store(hn::BitCast(d, hn::InterleaveLower(d64, ab0, ce0)), d, by_column);
    hn::Store(hn::BitCast(d, hn::InterleaveUpper(d64, ab0, ce0)), d,
              by_column + kLanes);
    hn::Store(hn::BitCast(d, hn::InterleaveLower(d64, ab1, ce1)), d,
              by_column + 2 * kLanes);
    hn::Store(hn::BitCast(d, hn::InterleaveUpper(d64, ab1, ce1)), d,
              by_column + 3 * kLanes);
    const int64_t valid = columns - j < kLanes ? columns - j : kLanes;
    for (int64_t k = 0; k < valid; ++k) {
      auto four = hn::LoadU(d4, by_column + k % 4 * kLanes + k / 4 * 4);
      const int64_t at = (j + k) * y_stride;
      if (residual != nullptr) {
        four = hn::Add(four, hn::LoadU(d4, residual + at));
      }
      hn::StoreU(four, d4, y + at);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_CONV_PIXEL_TILE_INL_H_
