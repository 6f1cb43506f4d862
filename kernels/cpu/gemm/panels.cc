#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/gemm/panels.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

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
      const TileFn tile = PickTile<false>(rows, vectors);
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
