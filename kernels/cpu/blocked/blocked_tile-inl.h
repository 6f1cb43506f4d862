// The register tile of blocked_product.h: kRows pixels times kVectors blocks of
// output channels; included by files that Highway's foreach_target compiles
// again for each.
#if defined(HONE_KERNELS_CPU_BLOCKED_BLOCKED_TILE_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_BLOCKED_BLOCKED_TILE_INL_H_
#undef HONE_KERNELS_CPU_BLOCKED_BLOCKED_TILE_INL_H_
#else
#define HONE_KERNELS_CPU_BLOCKED_BLOCKED_TILE_INL_H_
#endif

#include <cstdint>
#include <utility>

#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Where a tap meets pixel 0 and where its weights begin, in one plane.
struct BlockedTileTap {
  int64_t x;
  int64_t w;
};

// y[v][r] = clamp(start[v] + residual[v][r]
//                 + sum_{p, t, c} x[p * x_plane + t.x + r * step + c]
//                                 * w[p * w_plane + t.w + c][v]),
// v < kVectors, r < kRows
//
// Blocked: c runs over a block, which is also the step between pixels. Plain: a
// plane is one channel, pixels are neighbours.
struct BlockedTileArgs {
  const float* x = nullptr;
  int64_t x_plane = 0;
  int64_t planes = 0;
  const BlockedTileTap* taps = nullptr;
  int64_t tap_count = 0;
  const float* w = nullptr;  // rows of kVectors vectors
  int64_t w_plane = 0;
  float* y = nullptr;               // pixels follow each other, a vector each
  int64_t y_plane = 0;              // between vectors of channels
  const float* bias = nullptr;      // kVectors vectors; null: start from y
  const float* residual = nullptr;  // as y; null: zeros
  bool clamp = false;
  float low = 0;
  float high = 0;
};

template <int kRows, int kVectors, bool kBlocked>
HWY_NOINLINE void BlockedTile(const BlockedTileArgs& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t kLanes = hn::MaxLanes(d);
  constexpr int64_t kStep = kBlocked ? kLanes : 1;
  const int64_t y_plane = t.y_plane;
  V sum[kRows][kVectors];
  if (t.bias != nullptr) {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      const V bias = hn::LoadU(d, t.bias + v * kLanes);
      HONE_UNROLL for (int r = 0; r < kRows; ++r) sum[r][v] = bias;
    }
  } else {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      HONE_UNROLL for (int r = 0; r < kRows; ++r) {
        sum[r][v] = hn::LoadU(d, t.y + v * y_plane + r * kLanes);
      }
    }
  }
  const float* HWY_RESTRICT w = t.w;
  const float* HWY_RESTRICT x = t.x;
  const BlockedTileTap* const taps = t.taps;
  const int64_t tap_count = t.tap_count;
  for (int64_t p = t.planes; p > 0; --p) {
    for (int64_t tap = 0; tap < tap_count; ++tap) {
      const float* HWY_RESTRICT from = x + taps[tap].x;
      const float* HWY_RESTRICT row = w + taps[tap].w;
      for (int64_t c = 0; c < kStep; ++c) {
        V column[kVectors];
        HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
          column[v] = hn::LoadU(d, row + v * kLanes);
        }
        HONE_UNROLL for (int r = 0; r < kRows; ++r) {
          const V pixel = hn::Set(d, from[r * kStep]);
          HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
            sum[r][v] = hn::MulAdd(pixel, column[v], sum[r][v]);
          }
        }
        row += kVectors * kLanes;
        ++from;
      }
    }
    x += t.x_plane;
    w += t.w_plane;
  }
  if (t.residual != nullptr) {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      HONE_UNROLL for (int r = 0; r < kRows; ++r) {
        sum[r][v] = hn::Add(
            sum[r][v], hn::LoadU(d, t.residual + v * y_plane + r * kLanes));
      }
    }
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
  HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      hn::StoreU(sum[r][v], d, t.y + v * y_plane + r * kLanes);
    }
  }
}

using BlockedTileFn = void (*)(const BlockedTileArgs&);

template <bool kBlocked, int kVectors, int... kRows>
BlockedTileFn PickBlockedTile(int64_t rows,
                              std::integer_sequence<int, kRows...>) {
  static constexpr BlockedTileFn kTiles[] = {
      &BlockedTile<kRows + 1, kVectors, kBlocked>...};
  return kTiles[rows - 1];
}

// 1 <= rows <= kMaxRows, 1 <= vectors <= kMaxVectors.
template <bool kBlocked>
BlockedTileFn PickBlockedTile(int64_t rows, int64_t vectors) {
  const auto all = std::make_integer_sequence<int, kMaxRows>();
  return vectors == 1 ? PickBlockedTile<kBlocked, 1>(rows, all)
                      : PickBlockedTile<kBlocked, 2>(rows, all);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKED_TILE_INL_H_
