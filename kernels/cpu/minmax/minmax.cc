#include "kernels/cpu/minmax/minmax.h"

#include <algorithm>
#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/minmax/minmax.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/minmax/minmax_ref.h"
#include "kernels/cpu/parallel/parallel.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Fewer lanes than 16 make up one logical vector out of several registers.
constexpr size_t kLogicalLanes = 16;
using D = hn::CappedTag<float, kLogicalLanes>;
using V = hn::Vec<D>;
constexpr size_t kRegisters = kLogicalLanes / hn::MaxLanes(D());

// A block of whole logical vectors: least and greatest per lane are updated,
// the sums of the lanes are returned, added in order.
double Block(const float* HWY_RESTRICT x, size_t vectors,
             float* HWY_RESTRICT least, float* HWY_RESTRICT greatest) {
  const D d;
  constexpr size_t kLanes = hn::MaxLanes(D());
  V low[kRegisters], high[kRegisters], sum[kRegisters];
  for (size_t r = 0; r < kRegisters; ++r) {
    low[r] = hn::LoadU(d, least + r * kLanes);
    high[r] = hn::LoadU(d, greatest + r * kLanes);
    sum[r] = hn::Zero(d);
  }
  for (size_t i = 0; i < vectors; ++i) {
    for (size_t r = 0; r < kRegisters; ++r) {
      const V v = hn::LoadU(d, x + i * kLogicalLanes + r * kLanes);
      low[r] = hn::Min(v, low[r]);
      high[r] = hn::Max(v, high[r]);
      sum[r] = hn::Add(sum[r], v);
    }
  }
  float sums[kLogicalLanes];
  for (size_t r = 0; r < kRegisters; ++r) {
    hn::StoreU(low[r], d, least + r * kLanes);
    hn::StoreU(high[r], d, greatest + r * kLanes);
    hn::StoreU(sum[r], d, sums + r * kLanes);
  }
  double total = 0;
  for (const float s : sums) total += static_cast<double>(s);
  return total;
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {
namespace {

constexpr size_t kLanes = 16;
constexpr size_t kBlock = 64 * kLanes;
constexpr int64_t kPiece = 65536;

}  // namespace

HWY_EXPORT(Block);

void FloatRange::Merge(const FloatRange& other) {
  min = other.min < min ? other.min : min;
  max = other.max > max ? other.max : max;
  sum += other.sum;
  nan_count += other.nan_count;
  inf_count += other.inf_count;
}

FloatRange RangeOf(const float* x, size_t n) {
  FloatRange range;
  const size_t whole = n - n % kLanes;
  if (whole > 0) {
    float least[kLanes], greatest[kLanes];
    std::fill(least, least + kLanes, range.min);
    std::fill(greatest, greatest + kLanes, range.max);
    for (size_t i = 0; i < whole; i += kBlock) {
      const size_t count = std::min(kBlock, whole - i);
      range.sum +=
          HWY_DYNAMIC_DISPATCH(Block)(x + i, count / kLanes, least, greatest);
    }
    range.min = *std::min_element(least, least + kLanes);
    range.max = *std::max_element(greatest, greatest + kLanes);
  }
  for (size_t i = whole; i < n; ++i) {
    range.min = x[i] < range.min ? x[i] : range.min;
    range.max = x[i] > range.max ? x[i] : range.max;
    range.sum += static_cast<double>(x[i]);
  }
  // A NaN or an infinity makes the sum one. Finite elements can overflow a
  // block's sum too; counting again is right for them as well.
  return std::isfinite(range.sum) ? range : RangeOfRef(x, n);
}

FloatRange RangeOf(ThreadPool& pool, const float* x, size_t n) {
  const int64_t count = static_cast<int64_t>(n);
  std::vector<FloatRange> pieces(
      static_cast<size_t>((count + kPiece - 1) / kPiece));
  ForRanges(pool, count, kPiece, [&](int64_t begin, int64_t end) {
    pieces[static_cast<size_t>(begin / kPiece)] =
        RangeOf(x + begin, static_cast<size_t>(end - begin));
  });
  FloatRange range;
  for (const FloatRange& piece : pieces) range.Merge(piece);
  return range;
}

void RangePerChannel(ThreadPool& pool, const float* x, int64_t outer,
                     int64_t channels, int64_t inner, FloatRange* ranges) {
  ForRanges(
      pool, channels, GrainFor(kPiece, outer * inner),
      [&](int64_t begin, int64_t end) {
        for (int64_t c = begin; c < end; ++c) ranges[c] = FloatRange();
        for (int64_t o = 0; o < outer; ++o) {
          for (int64_t c = begin; c < end; ++c) {
            const float* row = x + (o * channels + c) * inner;
            const size_t n = static_cast<size_t>(inner);
            // Short rows are not worth a dispatch.
            ranges[c].Merge(inner < 16 ? RangeOfRef(row, n) : RangeOf(row, n));
          }
        }
      });
}

}  // namespace hone
#endif  // HWY_ONCE
