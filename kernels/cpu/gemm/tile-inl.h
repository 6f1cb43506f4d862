// The register tile: kRows rows of A times kVectors vectors of columns of B,
// for one instruction set; included by files that Highway's foreach_target
// compiles again for each.
#if defined(HONE_KERNELS_CPU_GEMM_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_GEMM_TILE_INL_H_
#undef HONE_KERNELS_CPU_GEMM_TILE_INL_H_
#else
#define HONE_KERNELS_CPU_GEMM_TILE_INL_H_
#endif

#include <cstdint>
#include <utility>

#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"

// The accumulators stay in registers only when these loops vanish.
#undef HONE_UNROLL
#if defined(__clang__)
#define HONE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define HONE_UNROLL _Pragma("GCC unroll 16")
#endif

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// 28 accumulators, two columns of B and a spare in 32 registers; 12 of 16.
constexpr int kMaxRows = HWY_TARGET <= HWY_AVX3 ? 14 : 6;
constexpr int kMaxVectors = 2;

// C = clamp(initial + row_bias + sum A * B). A is [depth][rows], dense. Row k
// of B begins at b + k * b_row; or, with taps, depth is channels * tap_count
// and row (c, t) begins at b + c * b_row + taps[t].
struct TileArgs {
  const float* a = nullptr;
  const float* b = nullptr;
  int64_t b_row = 0;
  int64_t depth = 0;  // channels, with taps
  const int64_t* taps = nullptr;
  int64_t tap_count = 0;
  float* c = nullptr;
  int64_t c_stride = 0;
  const float* initial = nullptr;  // null: zeros
  int64_t initial_stride = 0;
  const float* row_bias = nullptr;  // null: zeros
  bool clamp = false;
  float low = 0;
  float high = 0;
};

template <int kRows, int kVectors, bool kTaps>
HWY_NOINLINE void Tile(const TileArgs& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int64_t kLanes = hn::MaxLanes(d);
  V sum[kRows][kVectors];

  if (t.initial != nullptr) {
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        sum[r][v] = hn::LoadU(d, t.initial + r * t.initial_stride + v * kLanes);
      }
    }
  } else {
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::Zero(d);
    }
  }
  if (t.row_bias != nullptr) {
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      const V bias = hn::Set(d, t.row_bias[r]);
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        sum[r][v] = hn::Add(sum[r][v], bias);
      }
    }
  }

  const float* HWY_RESTRICT a = t.a;
  const float* HWY_RESTRICT b = t.b;
  const int64_t b_row = t.b_row;
  const int64_t* const taps = t.taps;
  const int64_t tap_count = kTaps ? t.tap_count : 1;
  for (int64_t k = t.depth; k > 0; --k) {
    for (int64_t tap = 0; tap < tap_count; ++tap) {
      const float* const from = kTaps ? b + taps[tap] : b;
      V column[kVectors];
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        column[v] = hn::LoadU(d, from + v * kLanes);
      }
      HONE_UNROLL for (int r = 0; r < kRows; ++r) {
        const V row = hn::Set(d, a[r]);
        HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
          sum[r][v] = hn::MulAdd(row, column[v], sum[r][v]);
        }
      }
      a += kRows;
    }
    b += b_row;
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
      hn::StoreU(sum[r][v], d, t.c + r * t.c_stride + v * kLanes);
    }
  }
}

using TileFn = void (*)(const TileArgs&);

template <int kVectors, bool kTaps, int... kRows>
TileFn PickTile(int64_t rows, std::integer_sequence<int, kRows...>) {
  static constexpr TileFn kTiles[] = {&Tile<kRows + 1, kVectors, kTaps>...};
  return kTiles[rows - 1];
}

// 1 <= rows <= kMaxRows, 1 <= vectors <= kMaxVectors.
template <bool kTaps>
TileFn PickTile(int64_t rows, int64_t vectors) {
  const auto all = std::make_integer_sequence<int, kMaxRows>();
  return vectors == 1 ? PickTile<1, kTaps>(rows, all)
                      : PickTile<2, kTaps>(rows, all);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_GEMM_TILE_INL_H_
