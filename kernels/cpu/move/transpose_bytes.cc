#include "kernels/cpu/move/transpose_bytes.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/move/transpose_bytes.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int64_t kTile = 16;

void OneByOne(const uint8_t* src, int64_t src_step, uint8_t* dst,
              int64_t dst_step, int64_t n, int64_t m) {
  for (int64_t j = 0; j < m; ++j) {
    for (int64_t i = 0; i < n; ++i) {
      dst[j * dst_step + i] = src[i * src_step + j];
    }
  }
}

#if HWY_TARGET == HWY_SCALAR
void Tile(const uint8_t* src, int64_t src_step, uint8_t* dst,
          int64_t dst_step) {
  OneByOne(src, src_step, dst, dst_step, kTile, kTile);
}
#else
using D = hn::FixedTag<uint8_t, 16>;
using V = hn::Vec<D>;

// Rows i and i + 8 byte by byte: four times that, and row i is column i.
HWY_INLINE void Shuffle(D d, const V* HWY_RESTRICT from, V* HWY_RESTRICT to) {
  for (int i = 0; i < 8; ++i) {
    to[2 * i] = hn::InterleaveLower(d, from[i], from[i + 8]);
    to[2 * i + 1] = hn::InterleaveUpper(d, from[i], from[i + 8]);
  }
}

HWY_INLINE void Tile(const uint8_t* src, int64_t src_step, uint8_t* dst,
                     int64_t dst_step) {
  const D d;
  V a[kTile], b[kTile];
  for (int64_t i = 0; i < kTile; ++i) a[i] = hn::LoadU(d, src + i * src_step);
  Shuffle(d, a, b);
  Shuffle(d, b, a);
  Shuffle(d, a, b);
  Shuffle(d, b, a);
  for (int64_t j = 0; j < kTile; ++j) hn::StoreU(a[j], d, dst + j * dst_step);
}
#endif

void TransposeBytesTarget(const uint8_t* src, int64_t src_step, uint8_t* dst,
                          int64_t dst_step, int64_t n, int64_t m) {
  if (n < kTile || m < kTile) {
    return OneByOne(src, src_step, dst, dst_step, n, m);
  }
  for (int64_t j = 0; j < m; j += kTile) {
    const int64_t column = std::min(j, m - kTile);
    for (int64_t i = 0; i < n; i += kTile) {
      const int64_t row = std::min(i, n - kTile);
      Tile(src + row * src_step + column, src_step,
           dst + column * dst_step + row, dst_step);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(TransposeBytesTarget);

void TransposeBytes(const uint8_t* src, int64_t src_step, uint8_t* dst,
                    int64_t dst_step, int64_t n, int64_t m) {
  HWY_DYNAMIC_DISPATCH(TransposeBytesTarget)
  (src, src_step, dst, dst_step, n, m);
}

}  // namespace hone
#endif  // HWY_ONCE
