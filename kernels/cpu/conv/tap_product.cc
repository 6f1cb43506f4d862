#include "kernels/cpu/conv/tap_product.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/panels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/conv/tap_product.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int64_t kWidth = kMaxVectors * hn::MaxLanes(hn::ScalableTag<float>());

// A part of a tile that lies in one output row.
struct Segment {
  int64_t from;  // in the tile
  int64_t to;    // in the output plane
  int64_t count;
};

// What of [begin, begin + count) are outputs; at most kWidth segments.
int64_t SegmentsOf(const TapProduct& p, ColumnTiles::Positions at,
                   Segment* segments) {
  int64_t n = 0;
  int64_t row = at.begin / p.pitch;
  int64_t column = at.begin % p.pitch;
  for (int64_t i = 0; i < at.count; ++row, column = 0) {
    const int64_t valid = std::min(p.out_width - column, at.count - i);
    if (valid > 0) {
      segments[n++] = {i, row * p.out_width + column, valid};
    }
    i += p.pitch - column;
  }
  return n;
}

// One row of a tile to its segments. They follow each other without a gap in
// the plane, so that a whole vector may be stored wherever a later segment of
// the same tile makes good what it spills.
HWY_INLINE void StoreSegments(const float* tile, const Segment* segments,
                              int64_t n, float* plane) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t end = segments[n - 1].to + segments[n - 1].count;
  for (int64_t s = 0; s < n; ++s) {
    const float* const from = tile + segments[s].from;
    const int64_t to = segments[s].to;
    const int64_t count = segments[s].count;
    int64_t i = 0;
    for (; i < count && to + i + lanes <= end; i += lanes) {
      hn::StoreU(hn::LoadU(d, from + i), d, plane + to + i);
    }
    for (; i < count; ++i) plane[to + i] = from[i];
  }
}

// A tile that does not lie whole in one output row goes through memory of its
// own.
void ScatterTile(const TapProduct& p, TileFn tile, TileArgs args, int64_t begin,
                 int64_t rows, const Segment* segments, int64_t n) {
  // StoreSegments reads a vector from any place in the last row.
  HWY_ALIGN float own[(kMaxRows + 1) * kWidth];
  const int64_t size = p.out_height * p.out_width;
  if (p.residual != nullptr) {
    for (int64_t r = 0; r < rows; ++r) {
      const float* const plane = p.residual + (begin + r) * size;
      float* const to = own + r * kWidth;
      for (int64_t i = 0; i < kWidth; ++i) to[i] = 0;
      for (int64_t s = 0; s < n; ++s) {
        for (int64_t i = 0; i < segments[s].count; ++i) {
          to[segments[s].from + i] = plane[segments[s].to + i];
        }
      }
    }
    args.initial = own;
    args.initial_stride = kWidth;
  }
  args.c = own;
  args.c_stride = kWidth;
  tile(args);
  if (!p.activation.in_tile()) {
    for (int64_t r = 0; r < rows; ++r) {
      ActivateRow(p.activation, own + r * kWidth, static_cast<size_t>(kWidth));
    }
  }
  for (int64_t r = 0; r < rows; ++r) {
    StoreSegments(own + r * kWidth, segments, n, p.y + (begin + r) * size);
  }
}

void Multiply(const TapProduct& p, const ColumnTiles& tiles,
              int64_t panel_begin, int64_t panel_end, int64_t tile_begin,
              int64_t tile_end) {
  const int64_t lanes =
      static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
  const int64_t size = p.out_height * p.out_width;
  TileArgs args;
  args.b_row = p.plane;
  args.depth = p.channels;
  args.taps = p.taps;
  args.tap_count = p.tap_count;
  args.clamp = p.activation.kind == Activation::Kind::kClamp;
  args.low = p.activation.a;
  args.high = p.activation.b;
  for (int64_t panel = panel_begin; panel < panel_end; ++panel) {
    const int64_t begin = p.panels.Begin(panel);
    const int64_t rows = p.panels.Rows(panel);
    args.a = p.a + begin * p.channels * p.tap_count;
    args.row_bias = p.bias == nullptr ? nullptr : p.bias + begin;
    for (int64_t j = tile_begin; j < tile_end; ++j) {
      const ColumnTiles::Positions at = tiles[j];
      Segment segments[kWidth];
      const int64_t n = SegmentsOf(p, at, segments);
      if (n == 0) continue;
      const int64_t vectors = at.count <= lanes ? 1 : kMaxVectors;
      const TileFn tile = PickTile<true>(rows, vectors);
      args.b = p.b + at.begin;
      if (segments[0].count != vectors * lanes) {
        args.initial = nullptr;
        ScatterTile(p, tile, args, begin, rows, segments, n);
        continue;
      }
      const int64_t offset = begin * size + segments[0].to;
      args.c = p.y + offset;
      args.c_stride = size;
      args.initial = p.residual == nullptr ? nullptr : p.residual + offset;
      args.initial_stride = size;
      tile(args);
      if (p.activation.in_tile()) continue;
      for (int64_t r = 0; r < rows; ++r) {
        ActivateRow(p.activation, args.c + r * size,
                    static_cast<size_t>(at.count));
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

namespace {

// Vectors, of half a tile, in runs of that many positions.
int64_t VectorsIn(int64_t run, int64_t width) {
  return (2 * run + width - 1) / width;
}

}  // namespace

ColumnTiles::ColumnTiles(int64_t pitch, int64_t out_height, int64_t out_width,
                         int64_t width)
    : pitch_(pitch), width_(width) {
  const int64_t all = (out_height - 1) * pitch + out_width;
  const int64_t by_rows = out_height * VectorsIn(out_width, width);
  const bool anew = by_rows <= VectorsIn(all, width);
  run_ = anew ? out_width : all;
  vectors_ = anew ? by_rows : VectorsIn(all, width);
  per_run_ = (run_ + width - 1) / width;
  count_ = per_run_ * (anew ? out_height : 1);
}

ColumnTiles::Positions ColumnTiles::operator[](int64_t tile) const {
  const int64_t in_run = tile % per_run_ * width_;
  return {tile / per_run_ * pitch_ + in_run, std::min(width_, run_ - in_run)};
}

void MultiplyTaps(const TapProduct& product, const ColumnTiles& tiles,
                  int64_t panel_begin, int64_t panel_end, int64_t tile_begin,
                  int64_t tile_end) {
  HWY_DYNAMIC_DISPATCH(Multiply)
  (product, tiles, panel_begin, panel_end, tile_begin, tile_end);
}

}  // namespace hone
#endif  // HWY_ONCE
