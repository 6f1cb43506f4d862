#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/int8/gemm/product.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include <algorithm>
#include <utility>

#include "hwy/highway.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/int8/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

using TileFn = void (*)(const TileArgs&);

template <int kVectors, int... kRows>
TileFn PickTile(int64_t rows, std::integer_sequence<int, kRows...>) {
  static constexpr TileFn kTiles[] = {&Tile<kRows + 1, kVectors>...};
  return kTiles[rows - 1];
}

template <int kVectors>
TileFn PickRows(int64_t rows) {
  return PickTile<kVectors>(
      rows, std::make_integer_sequence<int, MaxRows(kVectors)>());
}

TileFn PickTile(int64_t rows, int64_t vectors) {
  if constexpr (kMaxVectors == 4) {
    if (vectors == 4) return PickRows<4>(rows);
    if (vectors == 3) return PickRows<3>(rows);
  }
  return vectors == 2 ? PickRows<2>(rows) : PickRows<1>(rows);
}

// The first of `left` items that are to go in equal parts of at most `most`.
int64_t EvenPart(int64_t left, int64_t most) {
  const int64_t parts = (left + most - 1) / most;
  return (left + parts - 1) / parts;
}

Int8Layout Layout() { return {kKind, kLanes}; }

void Multiply(const Int8Product& p) {
  const PackedInt8& w = *p.weights;
  const int64_t padded = p.group * PaddedInt8Columns(w.columns());
  TileArgs args;
  args.row_stride = p.row_stride;
  args.taps = w.taps();
  args.depth = w.depth();
  args.w_vector = w.vector_bytes();
  args.epilogue = &p.epilogue;
  args.y_stride = p.y_stride;
  const int64_t y_bytes = p.epilogue.y_bytes();
  int64_t vectors = 0;
  for (int64_t v = p.vector_begin; v < p.vector_end; v += vectors) {
    vectors = EvenPart(p.vector_end - v, kMaxVectors);
    const int64_t column = v * kLanes;
    args.w = w.data(p.group, v);
    args.extras = w.extras(p.group, v);
    args.bias = p.epilogue.bias + padded + column;
    const auto from_column = [&](const auto* all) {
      return all == nullptr ? nullptr : all + padded + column;
    };
    args.multiplier = from_column(p.epilogue.multiplier);
    args.float_bias = from_column(p.epilogue.float_bias);
    args.columns = std::min(vectors * kLanes, w.columns() - column);
    const int64_t most = MaxRows(static_cast<int>(vectors));
    int64_t rows = 0;
    for (int64_t r = 0; r < p.row_count; r += rows) {
      rows = EvenPart(p.row_count - r, most);
      args.rows = p.rows + r;
      for (int i = 0; i < 2; ++i) {
        if (p.outer[i].rows == nullptr) continue;
        args.outer[i] = {p.outer[i].rows + r, from_column(p.outer[i].columns)};
      }
      args.y = static_cast<char*>(p.y) + (r * p.y_stride + column) * y_bytes;
      PickTile(rows, vectors)(args);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Layout);
HWY_EXPORT(Multiply);

Int8Layout CurrentInt8Layout() { return HWY_DYNAMIC_DISPATCH(Layout)(); }

void MultiplyInt8(const Int8Product& product) {
  if (product.row_count == 0) return;
  HWY_DYNAMIC_DISPATCH(Multiply)(product);
}

}  // namespace hone
#endif  // HWY_ONCE
