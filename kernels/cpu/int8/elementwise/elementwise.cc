#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/int8/elementwise/elementwise.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/int8/elementwise/elementwise.h"
#include "kernels/cpu/int8/elementwise/elementwise_ref.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/narrow/narrow-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

// Lane i of x, or its one element everywhere.
template <typename T>
HWY_INLINE VF Dequantized(const T* x, int64_t step, size_t i, VI zero,
                          VF scale) {
  const VI q = step == 0 ? hn::Set(DI(), int32_t{x[0]}) : LoadBytes(x + i);
  return hn::Mul(hn::ConvertTo(DF(), hn::Sub(q, zero)), scale);
}

template <bool kAdd, typename T>
void BinaryRow(Int8BinaryOp op, const Int8BinaryParams& p, const T* a,
               int64_t a_step, const T* b, int64_t b_step, size_t n, T* y) {
  const DF df;
  const DI di;
  const VI a_zero = hn::Set(di, p.a_zero);
  const VI b_zero = hn::Set(di, p.b_zero);
  const VI y_zero = hn::Set(di, p.y_zero);
  const VF a_scale = hn::Set(df, p.a_scale);
  const VF b_scale = hn::Set(df, p.b_scale);
  const VF y_scale = hn::Set(df, p.y_scale);
  const VF low = hn::ConvertTo(df, hn::Set(di, p.low - p.y_zero));
  const VF high = hn::ConvertTo(df, hn::Set(di, p.high - p.y_zero));
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const VF x0 = Dequantized(a, a_step, i, a_zero, a_scale);
    const VF x1 = Dequantized(b, b_step, i, b_zero, b_scale);
    const VF r = kAdd ? hn::Add(x0, x1) : hn::Mul(x0, x1);
    StoreBytes(RoundBetween(hn::Div(r, y_scale), low, high, y_zero),
               reinterpret_cast<uint8_t*>(y + i));
  }
  const int64_t at = static_cast<int64_t>(i);
  Int8BinaryRowRef(op, p, a + at * a_step, a_step, b + at * b_step, b_step,
                   n - i, y + i);
}

template <typename T>
void Binary(Int8BinaryOp op, const Int8BinaryParams& p, const T* a,
            int64_t a_step, const T* b, int64_t b_step, size_t n, T* y) {
  if (op == Int8BinaryOp::kAdd) {
    BinaryRow<true>(op, p, a, a_step, b, b_step, n, y);
  } else {
    BinaryRow<false>(op, p, a, a_step, b, b_step, n, y);
  }
}

void BinaryU8(Int8BinaryOp op, const Int8BinaryParams& p, const uint8_t* a,
              int64_t a_step, const uint8_t* b, int64_t b_step, size_t n,
              uint8_t* y) {
  Binary(op, p, a, a_step, b, b_step, n, y);
}
void BinaryS8(Int8BinaryOp op, const Int8BinaryParams& p, const int8_t* a,
              int64_t a_step, const int8_t* b, int64_t b_step, size_t n,
              int8_t* y) {
  Binary(op, p, a, a_step, b, b_step, n, y);
}

void TableRow(const uint8_t* HWY_RESTRICT table, const uint8_t* x, size_t n,
              uint8_t* y) {
  size_t i = 0;
#if HWY_TARGET == HWY_AVX3_DL
  const __m512i t0 = _mm512_loadu_si512(table);
  const __m512i t1 = _mm512_loadu_si512(table + 64);
  const __m512i t2 = _mm512_loadu_si512(table + 128);
  const __m512i t3 = _mm512_loadu_si512(table + 192);
  for (; i + 64 <= n; i += 64) {
    const __m512i v = _mm512_loadu_si512(x + i);
    const __m512i low = _mm512_permutex2var_epi8(t0, v, t1);
    const __m512i high = _mm512_permutex2var_epi8(t2, v, t3);
    _mm512_storeu_si512(
        y + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high));
  }
#endif
  for (; i < n; ++i) y[i] = table[x[i]];
}

template <typename T>
HWY_INLINE void MaxRow(const T* HWY_RESTRICT x, size_t n, T* HWY_RESTRICT y) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(hn::Max(hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
  }
  for (; i < n; ++i) y[i] = x[i] > y[i] ? x[i] : y[i];
}
void MaxU8(const uint8_t* x, size_t n, uint8_t* y) { MaxRow(x, n, y); }
void MaxS8(const int8_t* x, size_t n, int8_t* y) { MaxRow(x, n, y); }

template <typename T>
HWY_INLINE void SumRow(const T* HWY_RESTRICT x, size_t n,
                       int32_t* HWY_RESTRICT sum) {
  const DI di;
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    hn::StoreU(hn::Add(LoadBytes(x + i), hn::LoadU(di, sum + i)), di, sum + i);
  }
  for (; i < n; ++i) sum[i] += x[i];
}
void SumU8(const uint8_t* x, size_t n, int32_t* sum) { SumRow(x, n, sum); }
void SumS8(const int8_t* x, size_t n, int32_t* sum) { SumRow(x, n, sum); }

void RequantizeRow(const int32_t* sum, size_t n, float multiplier, int32_t zero,
                   int32_t low, int32_t high, uint8_t* y) {
  const DF df;
  const DI di;
  const VF least = hn::ConvertTo(df, hn::Set(di, low - zero));
  const VF most = hn::ConvertTo(df, hn::Set(di, high - zero));
  const VF scale = hn::Set(df, multiplier);
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const VF x = hn::Mul(hn::ConvertTo(df, hn::LoadU(di, sum + i)), scale);
    StoreBytes(RoundBetween(x, least, most, hn::Set(di, zero)), y + i);
  }
  for (; i < n; ++i) {
    y[i] = static_cast<uint8_t>(
        RequantizeRef(sum[i], multiplier, zero, low, high));
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(BinaryU8);
HWY_EXPORT(BinaryS8);
HWY_EXPORT(TableRow);
HWY_EXPORT(MaxU8);
HWY_EXPORT(MaxS8);
HWY_EXPORT(SumU8);
HWY_EXPORT(SumS8);
HWY_EXPORT(RequantizeRow);

void Int8BinaryRow(Int8BinaryOp op, const Int8BinaryParams& params,
                   const uint8_t* a, int64_t a_step, const uint8_t* b,
                   int64_t b_step, size_t n, uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(BinaryU8)(op, params, a, a_step, b, b_step, n, y);
}
void Int8BinaryRow(Int8BinaryOp op, const Int8BinaryParams& params,
                   const int8_t* a, int64_t a_step, const int8_t* b,
                   int64_t b_step, size_t n, int8_t* y) {
  HWY_DYNAMIC_DISPATCH(BinaryS8)(op, params, a, a_step, b, b_step, n, y);
}
void Int8TableRow(const uint8_t* table, const uint8_t* x, size_t n,
                  uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(TableRow)(table, x, n, y);
}
void Int8MaxRow(const uint8_t* x, size_t n, uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(MaxU8)(x, n, y);
}
void Int8MaxRow(const int8_t* x, size_t n, int8_t* y) {
  HWY_DYNAMIC_DISPATCH(MaxS8)(x, n, y);
}
void Int8SumRow(const uint8_t* x, size_t n, int32_t* sum) {
  HWY_DYNAMIC_DISPATCH(SumU8)(x, n, sum);
}
void Int8SumRow(const int8_t* x, size_t n, int32_t* sum) {
  HWY_DYNAMIC_DISPATCH(SumS8)(x, n, sum);
}
void Int8RequantizeRow(const int32_t* sum, size_t n, float multiplier,
                       int32_t zero, int32_t low, int32_t high, uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(RequantizeRow)
  (sum, n, multiplier, zero, low, high, y);
}

}  // namespace hone
#endif  // HWY_ONCE
