#include "kernels/cpu/softmax/softmax.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/softmax/softmax.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/unary/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

HWY_INLINE V Most(V a, V b) {
  return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
}

// f(vector, elements) for n elements; the last vector is filled up with `fill`.
template <class F>
HWY_INLINE void ForVectors(const float* x, size_t n, float fill, F&& f) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) f(hn::LoadU(d, x + i), i, lanes);
  if (i < n) {
    HWY_ALIGN float buffer[hn::MaxLanes(d)];
    for (size_t l = 0; l < lanes; ++l) buffer[l] = i + l < n ? x[i + l] : fill;
    f(hn::Load(d, buffer), i, n - i);
  }
}

HWY_INLINE void StoreSome(V v, size_t n, float* y) {
  const D d;
  if (n == hn::Lanes(d)) {
    hn::StoreU(v, d, y);
    return;
  }
  HWY_ALIGN float buffer[hn::MaxLanes(d)];
  hn::Store(v, d, buffer);
  std::memcpy(y, buffer, n * sizeof(float));
}

// e^(x - most) <= 1; NaN stays.
HWY_INLINE V Power(V x, V most) {
  const D d;
  const V v = hn::Sub(x, most);
  // Inline, unlike FullExp: rows are short, and nothing overflows here.
  return hn::IfThenElse(hn::IsNaN(v), v, hn::Exp(d, v));
}

// One row of n neighbours.
void Row(const float* x, size_t n, bool log, float* y) {
  const D d;
  constexpr float kLeast = -std::numeric_limits<float>::infinity();
  // A NaN may be passed over here: it comes back in the sum.
  V most_lanes = hn::Set(d, kLeast);
  ForVectors(x, n, kLeast,
             [&](V v, size_t, size_t) { most_lanes = hn::Max(v, most_lanes); });
  const V most = hn::MaxOfLanes(d, most_lanes);
  V sum_lanes = hn::Zero(d);
  if (log) {
    ForVectors(x, n, kLeast, [&](V v, size_t, size_t) {
      sum_lanes = hn::Add(sum_lanes, Power(v, most));
    });
    const float sum = hn::GetLane(hn::SumOfLanes(d, sum_lanes));
    const V shift = hn::Add(most, hn::Set(d, std::log(sum)));
    ForVectors(x, n, 0, [&](V v, size_t i, size_t count) {
      StoreSome(hn::Sub(v, shift), count, y + i);
    });
    return;
  }
  ForVectors(x, n, kLeast, [&](V v, size_t i, size_t count) {
    const V e = Power(v, most);
    sum_lanes = hn::Add(sum_lanes, e);
    StoreSome(e, count, y + i);
  });
  const V inverse = hn::Div(hn::Set(d, 1.0f), hn::SumOfLanes(d, sum_lanes));
  ForVectors(y, n, 0, [&](V v, size_t i, size_t count) {
    StoreSome(hn::Mul(v, inverse), count, y + i);
  });
}

// A vector's worth of columns side by side, `inner` apart along the axis.
void Columns(const float* x, int64_t extent, int64_t inner, bool log,
             float* y) {
  const D d;
  V most = hn::LoadU(d, x);
  for (int64_t e = 1; e < extent; ++e) {
    most = Most(hn::LoadU(d, x + e * inner), most);
  }
  V sum = hn::Zero(d);
  for (int64_t e = 0; e < extent; ++e) {
    const V v = FullExp(d, hn::Sub(hn::LoadU(d, x + e * inner), most));
    sum = hn::Add(sum, v);
    if (!log) hn::StoreU(v, d, y + e * inner);
  }
  const V shift = log ? hn::Add(most, FullLog(d, sum)) : most;
  for (int64_t e = 0; e < extent; ++e) {
    const V v = log ? hn::Sub(hn::LoadU(d, x + e * inner), shift)
                    : hn::Div(hn::LoadU(d, y + e * inner), sum);
    hn::StoreU(v, d, y + e * inner);
  }
}

// x, y [extent, inner].
void Plane(const float* x, int64_t extent, int64_t inner, bool log, float* y) {
  if (inner == 1) {
    Row(x, static_cast<size_t>(extent), log, y);
    return;
  }
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(D()));
  int64_t i = 0;
  for (; i + lanes <= inner; i += lanes) {
    Columns(x + i, extent, inner, log, y + i);
  }
  if (i == inner) return;
  // The columns left over, in a place of their own with whole vectors.
  std::vector<float> strip(static_cast<size_t>(extent * lanes), 0.0f);
  const size_t bytes = static_cast<size_t>(inner - i) * sizeof(float);
  for (int64_t e = 0; e < extent; ++e) {
    std::memcpy(strip.data() + e * lanes, x + e * inner + i, bytes);
  }
  Columns(strip.data(), extent, lanes, log, strip.data());
  for (int64_t e = 0; e < extent; ++e) {
    std::memcpy(y + e * inner + i, strip.data() + e * lanes, bytes);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Plane);

void Softmax(ThreadPool& pool, const float* x, const SoftmaxShape& shape,
             bool log, float* y) {
  const int64_t plane = shape.extent * shape.inner;
  if (plane == 0) return;
  ForRanges(pool, shape.outer, GrainFor(kHeavyGrain, plane),
            [&](int64_t begin, int64_t end) {
              for (int64_t o = begin; o < end; ++o) {
                HWY_DYNAMIC_DISPATCH(Plane)
                (x + o * plane, shape.extent, shape.inner, log, y + o * plane);
              }
            });
}

}  // namespace hone
#endif  // HWY_ONCE
