#include "kernels/cpu/conv/spread.h"

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/tap_layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/conv/spread.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Whole vectors of D, the last one overlapping; false when n is less than one.
template <class D, class Step>
HWY_INLINE bool ForVectors(D d, int64_t n, const Step& step) {
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  if (n < lanes) return false;
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) step(d, i);
  if (i < n) step(d, n - lanes);
  return true;
}

struct CopyStep {
  const float* from;
  float* to;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i) const {
    hn::StoreU(hn::LoadU(d, from + i), d, to + i);
  }
};

// even[i] = in[2 * i], odd[i] = in[2 * i + 1]; `odd` may be null.
struct DeinterleaveStep {
  const float* in;
  float* even;
  float* odd;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t i) const {
    const auto low = hn::LoadU(d, in + 2 * i);
    const auto high =
        hn::LoadU(d, in + 2 * i + static_cast<int64_t>(hn::Lanes(d)));
    hn::StoreU(hn::ConcatEven(d, high, low), d, even + i);
    if (odd != nullptr) {
      hn::StoreU(hn::ConcatOdd(d, high, low), d, odd + i);
    }
  }
};

void Copy(const float* from, int64_t n, float* to) {
  const CopyStep step{from, to};
  if (ForVectors(hn::ScalableTag<float>(), n, step)) return;
  if (ForVectors(hn::CappedTag<float, 4>(), n, step)) return;
  for (int64_t i = 0; i < n; ++i) to[i] = from[i];
}

void Deinterleave(const float* in, int64_t pairs, float* even, float* odd) {
  const DeinterleaveStep step{in, even, odd};
  if (ForVectors(hn::ScalableTag<float>(), pairs, step)) return;
  if (ForVectors(hn::CappedTag<float, 4>(), pairs, step)) return;
  for (int64_t i = 0; i < pairs; ++i) {
    even[i] = in[2 * i];
    if (odd != nullptr) odd[i] = in[2 * i + 1];
  }
}

// One input row to its places; the padding is there already.
void SpreadRow1(const ConvShape& s, const TapLayout& layout, const float* row,
                float* out) {
  const int64_t left = s.pad_begin[2];
  Copy(row, std::min(s.in[2], layout.pitch - left), out + left);
}

void SpreadRow2(const ConvShape& s, const TapLayout& layout, const float* row,
                bool use_even, bool use_odd, float* out) {
  const int64_t pad = s.pad_begin[2];
  // Where the first even and the first odd element of the row come to lie.
  const int64_t even_at = pad / 2;
  const int64_t odd_at = (pad + 1) / 2;
  float* const even = out + pad % 2 * layout.phase + even_at;
  float* const odd = out + (pad + 1) % 2 * layout.phase + odd_at;
  if (pad % 2 == 1) std::swap(use_even, use_odd);
  const int64_t evens =
      std::clamp<int64_t>(layout.pitch - even_at, 0, (s.in[2] + 1) / 2);
  const int64_t odds =
      std::clamp<int64_t>(layout.pitch - odd_at, 0, s.in[2] / 2);
  const int64_t pairs = std::min(evens, odds);
  if (use_even && evens > pairs) even[pairs] = row[2 * pairs];
  if (use_even) {
    Deinterleave(row, pairs, even, use_odd ? odd : nullptr);
  } else if (use_odd) {
    for (int64_t i = 0; i < pairs; ++i) odd[i] = row[2 * i + 1];
  }
}

void SpreadRowAny(const ConvShape& s, const TapLayout& layout, const float* row,
                  int64_t phase, float* out) {
  int64_t j = phase - s.pad_begin[2];
  for (int64_t q = 0; q < layout.pitch && j < s.in[2]; ++q, j += s.stride[2]) {
    if (j >= 0) out[q] = row[j];
  }
}

void Spread(const ConvShape& s, const TapLayout& layout, const float* x,
            int64_t first, float* out) {
  for (size_t phase = 0; phase < layout.used.size(); ++phase) {
    float* const begin = out + static_cast<int64_t>(phase) * layout.phase;
    if (layout.used[phase]) std::fill(begin, begin + layout.phase, 0.0f);
  }
  const int64_t stride = s.stride[2];
  for (int64_t p = 0; p < s.stride[1]; ++p) {
    const auto used = layout.used.begin() + p * stride;
    if (std::find(used, used + stride, true) == used + stride) continue;
    for (int64_t r = 0; r < layout.rows; ++r) {
      const int64_t h = (first + r) * s.stride[1] + p - s.pad_begin[1];
      if (h < 0 || h >= s.in[1]) continue;
      const float* const row = x + h * s.in[2];
      float* const to = out + p * stride * layout.phase + r * layout.pitch;
      if (stride == 1) {
        SpreadRow1(s, layout, row, to);
      } else if (stride == 2) {
        SpreadRow2(s, layout, row, used[0], used[1], to);
      } else {
        for (int64_t q = 0; q < stride; ++q) {
          if (used[q]) {
            SpreadRowAny(s, layout, row, q, to + q * layout.phase);
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

HWY_EXPORT(Spread);

void SpreadPlane(const ConvShape& shape, const TapLayout& layout,
                 const float* x, int64_t first, float* out) {
  HWY_DYNAMIC_DISPATCH(Spread)(shape, layout, x, first, out);
}

}  // namespace hone
#endif  // HWY_ONCE
