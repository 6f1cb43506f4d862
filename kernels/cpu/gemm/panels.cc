#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/gemm/panels.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"
#include "kernels/cpu/gemm/panels.h"

// The accumulators stay in registers only when these loops vanish.
#if defined(__clang__)
#define HONE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define HONE_UNROLL _Pragma("GCC unroll 16")
#endif

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// 28 accumulators, two columns of B and a spare in 32 registers; 12 of 16.
constexpr int kMaxRows = HWY_TARGET <= HWY_AVX3 ? 14 : 6;
constexpr int kMaxVectors = 2;

struct TileArgs {
  const float* a;
  const float* b;
  int64_t b_row;
  int64_t depth;
  float* c;
  int64_t c_stride;
  const float* initial;
  int64_t initial_stride;
  const float* row_bias;
  bool clamp;
  float low;
  float high;
};

template <int kRows, int kVectors>
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
  for (int64_t k = t.depth; k > 0; --k) {
    V column[kVectors];
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      column[v] = hn::LoadU(d, b + v * kLanes);
    }
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      const V row = hn::Set(d, a[r]);
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        sum[r][v] = hn::MulAdd(row, column[v], sum[r][v]);
      }
    }
    a += kRows;
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

template <int kVectors, int... kRows>
TileFn PickTile(int64_t rows, std::integer_sequence<int, kRows...>) {
  static constexpr TileFn kTiles[] = {&Tile<kRows + 1, kVectors>...};
  return kTiles[rows - 1];
}

TileFn PickTile(int64_t rows, int64_t vectors) {
  const auto all = std::make_integer_sequence<int, kMaxRows>();
  return vectors == 1 ? PickTile<1>(rows, all) : PickTile<2>(rows, all);
}

TileShape ShapeOfTile() {
  const hn::ScalableTag<float> d;
  return {kMaxRows, static_cast<int64_t>(kMaxVectors * hn::Lanes(d))};
}

// A tile that C is too narrow for goes through memory of our own.
void NarrowTile(TileFn tile, TileArgs args, int64_t rows, int64_t columns) {
  constexpr hn::ScalableTag<float> d;
  constexpr int64_t kWidth = kMaxVectors * hn::MaxLanes(d);
  HWY_ALIGN float own[kMaxRows * kWidth];
  float* const c = args.c;
  const int64_t c_stride = args.c_stride;
  if (args.initial != nullptr) {
    for (int64_t r = 0; r < rows; ++r) {
      const float* from = args.initial + r * args.initial_stride;
      for (int64_t j = 0; j < columns; ++j) own[r * kWidth + j] = from[j];
      for (int64_t j = columns; j < kWidth; ++j) own[r * kWidth + j] = 0;
    }
    args.initial = own;
    args.initial_stride = kWidth;
  }
  args.c = own;
  args.c_stride = kWidth;
  tile(args);
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t j = 0; j < columns; ++j) {
      c[r * c_stride + j] = own[r * kWidth + j];
    }
  }
}

void Multiply(const PanelProduct& p) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t width = kMaxVectors * lanes;
  TileArgs args;
  args.b_row = p.b_row;
  args.depth = p.depth;
  args.c_stride = p.c_stride;
  args.initial_stride = p.initial_stride;
  args.clamp = p.activation.kind == Activation::Kind::kClamp;
  args.low = p.activation.a;
  args.high = p.activation.b;
  for (int64_t j = 0; j < p.columns; j += width) {
    const int64_t columns = std::min(width, p.columns - j);
    const int64_t vectors = columns <= lanes ? 1 : kMaxVectors;
    args.b = p.b + j / width * p.b_panel;
    for (int64_t panel = p.panel_begin; panel < p.panel_end; ++panel) {
      const int64_t begin = p.panels.Begin(panel);
      const int64_t rows = p.panels.Rows(panel);
      args.a = p.a + begin * p.a_depth + p.k_begin * rows;
      args.c = p.c + begin * p.c_stride + j;
      args.initial = p.initial == nullptr
                         ? nullptr
                         : p.initial + begin * p.initial_stride + j;
      args.row_bias = p.row_bias == nullptr ? nullptr : p.row_bias + begin;
      const TileFn tile = PickTile(rows, vectors);
      if (columns == vectors * lanes) {
        tile(args);
      } else {
        NarrowTile(tile, args, rows, columns);
      }
      if (!p.activation.in_tile()) {
        for (int64_t r = 0; r < rows; ++r) {
          ActivateRow(p.activation, args.c + r * p.c_stride,
                      static_cast<size_t>(columns));
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

HWY_EXPORT(ShapeOfTile);
HWY_EXPORT(Multiply);

TileShape CurrentTileShape() { return HWY_DYNAMIC_DISPATCH(ShapeOfTile)(); }

void MultiplyPanels(const PanelProduct& product) {
  HWY_DYNAMIC_DISPATCH(Multiply)(product);
}

}  // namespace hone
#endif  // HWY_ONCE
