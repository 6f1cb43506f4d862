#include "kernels/cpu/attention/few_rows.h"

#include <algorithm>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/attention/few_rows.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Four keys at once, which share the loads of the query.
void ScoreRowTarget(const float* HWY_RESTRICT q, const float* HWY_RESTRICT k,
                    int64_t k_row, int64_t keys, int64_t size, float scale,
                    float* HWY_RESTRICT scores) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t whole = size / lanes * lanes;
  const auto sum = [&](V v, const float* row) {
    float total = hn::GetLane(hn::SumOfLanes(d, v));
    for (int64_t e = whole; e < size; ++e) total += q[e] * row[e];
    return total * scale;
  };
  int64_t j = 0;
  for (; j + 4 <= keys; j += 4) {
    const float* const k0 = k + j * k_row;
    const float* const k1 = k0 + k_row;
    const float* const k2 = k1 + k_row;
    const float* const k3 = k2 + k_row;
    V a = hn::Zero(d), b = a, c = a, f = a;
    for (int64_t e = 0; e < whole; e += lanes) {
      const V x = hn::LoadU(d, q + e);
      a = hn::MulAdd(x, hn::LoadU(d, k0 + e), a);
      b = hn::MulAdd(x, hn::LoadU(d, k1 + e), b);
      c = hn::MulAdd(x, hn::LoadU(d, k2 + e), c);
      f = hn::MulAdd(x, hn::LoadU(d, k3 + e), f);
    }
    scores[j] = sum(a, k0);
    scores[j + 1] = sum(b, k1);
    scores[j + 2] = sum(c, k2);
    scores[j + 3] = sum(f, k3);
  }
  for (; j < keys; ++j) {
    const float* const row = k + j * k_row;
    V a = hn::Zero(d);
    for (int64_t e = 0; e < whole; e += lanes) {
      a = hn::MulAdd(hn::LoadU(d, q + e), hn::LoadU(d, row + e), a);
    }
    scores[j] = sum(a, row);
  }
}

// kVectors vectors of y stay in registers while all rows pass.
template <int kVectors>
void WeighStrip(const float* HWY_RESTRICT p, const float* HWY_RESTRICT v,
                int64_t v_row, int64_t keys, float* HWY_RESTRICT y) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  V a = hn::Zero(d), b = a, c = a, f = a;
  for (int64_t j = 0; j < keys; ++j) {
    const V weight = hn::Set(d, p[j]);
    const float* const row = v + j * v_row;
    a = hn::MulAdd(weight, hn::LoadU(d, row), a);
    if constexpr (kVectors == 4) {
      b = hn::MulAdd(weight, hn::LoadU(d, row + lanes), b);
      c = hn::MulAdd(weight, hn::LoadU(d, row + 2 * lanes), c);
      f = hn::MulAdd(weight, hn::LoadU(d, row + 3 * lanes), f);
    }
  }
  hn::StoreU(a, d, y);
  if constexpr (kVectors == 4) {
    hn::StoreU(b, d, y + lanes);
    hn::StoreU(c, d, y + 2 * lanes);
    hn::StoreU(f, d, y + 3 * lanes);
  }
}

void WeighRowsTarget(const float* p, const float* v, int64_t v_row,
                     int64_t keys, int64_t size, float* y) {
  if (keys == 0) {  // v may be null then
    std::fill_n(y, size, 0.0f);
    return;
  }
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  int64_t e = 0;
  for (; e + 4 * lanes <= size; e += 4 * lanes) {
    WeighStrip<4>(p, v + e, v_row, keys, y + e);
  }
  for (; e + lanes <= size; e += lanes) {
    WeighStrip<1>(p, v + e, v_row, keys, y + e);
  }
  for (; e < size; ++e) {
    float sum = 0;
    for (int64_t j = 0; j < keys; ++j) sum += p[j] * v[j * v_row + e];
    y[e] = sum;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(ScoreRowTarget);
HWY_EXPORT(WeighRowsTarget);

void ScoreRow(const float* q, const float* k, int64_t k_row, int64_t keys,
              int64_t size, float scale, float* scores) {
  HWY_DYNAMIC_DISPATCH(ScoreRowTarget)(q, k, k_row, keys, size, scale, scores);
}

void WeighRows(const float* p, const float* v, int64_t v_row, int64_t keys,
               int64_t size, float* y) {
  HWY_DYNAMIC_DISPATCH(WeighRowsTarget)(p, v, v_row, keys, size, y);
}

}  // namespace hone
#endif  // HWY_ONCE
