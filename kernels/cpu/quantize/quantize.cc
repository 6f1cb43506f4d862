#include "kernels/cpu/quantize/quantize.h"

#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/quantize/quantize.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/quantize/quantize_ref.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using DF = hn::ScalableTag<float>;
using DI = hn::RebindToSigned<DF>;
using VF = hn::Vec<DF>;
using VI = hn::Vec<DI>;

// The parameters of the elements at i: constant, or loaded.
template <bool kMoves>
struct Params {
  Params(const QuantParams& params, int32_t low, int32_t high)
      : params(params),
        low(hn::Set(DI(), low)),
        high(hn::Set(DI(), high)),
        scale(hn::Set(DF(), params.scale[0])),
        zero(hn::Set(DI(), params.zero_point[0])) {}

  HWY_INLINE void Seek(size_t i) {
    if (kMoves) {
      scale = hn::LoadU(DF(), params.scale + i);
      zero = hn::LoadU(DI(), params.zero_point + i);
    }
  }
  // q - zero_point. Clamping before rounding gives the same, as the limits are
  // whole, and keeps the conversion to int32 in range.
  HWY_INLINE VI Centered(VF x) const {
    const DF df;
    const VF least = hn::ConvertTo(df, hn::Sub(low, zero));
    const VF most = hn::ConvertTo(df, hn::Sub(high, zero));
    const VF q = hn::Div(x, scale);
    const VF raised = hn::IfThenElse(hn::Gt(q, least), q, least);
    return hn::NearestInt(hn::Min(raised, most));
  }

  const QuantParams params;
  const VI low, high;
  VF scale;
  VI zero;
};

template <bool kMoves, typename T>
void Quantize(const float* HWY_RESTRICT x, size_t n, const QuantParams& params,
              T* HWY_RESTRICT y) {
  const DF df;
  const hn::Rebind<T, DF> dt;
  const size_t lanes = hn::Lanes(df);
  size_t i = 0;
  if (n >= lanes) {
    Params<kMoves> at(params, std::numeric_limits<T>::min(),
                      std::numeric_limits<T>::max());
    for (; i + lanes <= n; i += lanes) {
      at.Seek(i);
      const VI q = hn::Add(at.Centered(hn::LoadU(df, x + i)), at.zero);
      hn::StoreU(hn::DemoteTo(dt, q), dt, y + i);
    }
  }
  const size_t rest = kMoves ? i : 0;
  QuantizeRowRef(x + i, n - i,
                 {params.scale + rest, params.zero_point + rest, params.step},
                 y + i);
}

template <bool kMoves, typename T>
void Dequantize(const T* HWY_RESTRICT x, size_t n, const QuantParams& params,
                float* HWY_RESTRICT y) {
  const DF df;
  const DI di;
  const hn::Rebind<T, DF> dt;
  const size_t lanes = hn::Lanes(df);
  size_t i = 0;
  if (n >= lanes) {
    Params<kMoves> at(params, 0, 0);
    for (; i + lanes <= n; i += lanes) {
      at.Seek(i);
      VI q;
      if constexpr (sizeof(T) == 4) {
        q = hn::LoadU(di, x + i);
      } else {
        q = hn::PromoteTo(di, hn::LoadU(dt, x + i));
      }
      const VF centered = hn::ConvertTo(df, hn::Sub(q, at.zero));
      hn::StoreU(hn::Mul(centered, at.scale), df, y + i);
    }
  }
  const size_t rest = kMoves ? i : 0;
  DequantizeRowRef(x + i, n - i,
                   {params.scale + rest, params.zero_point + rest, params.step},
                   y + i);
}

template <bool kMoves>
void QuantizeDequantize(const float* x, size_t n, const QuantParams& params,
                        int32_t low, int32_t high, float* y) {
  const DF df;
  const size_t lanes = hn::Lanes(df);
  size_t i = 0;
  if (n >= lanes) {
    Params<kMoves> at(params, low, high);
    for (; i + lanes <= n; i += lanes) {
      at.Seek(i);
      const VF q = hn::ConvertTo(df, at.Centered(hn::LoadU(df, x + i)));
      hn::StoreU(hn::Mul(q, at.scale), df, y + i);
    }
  }
  const size_t rest = kMoves ? i : 0;
  QuantizeDequantizeRowRef(
      x + i, n - i,
      {params.scale + rest, params.zero_point + rest, params.step}, low, high,
      y + i);
}

#define HONE_QUANTIZE(Name, T)                                                \
  void Quantize##Name(const float* x, size_t n, const QuantParams& p, T* y) { \
    return p.step ? Quantize<true>(x, n, p, y) : Quantize<false>(x, n, p, y); \
  }
#define HONE_DEQUANTIZE(Name, T)                                    \
  void Dequantize##Name(const T* x, size_t n, const QuantParams& p, \
                        float* y) {                                 \
    return p.step ? Dequantize<true>(x, n, p, y)                    \
                  : Dequantize<false>(x, n, p, y);                  \
  }
HONE_QUANTIZE(S8, int8_t)
HONE_QUANTIZE(U8, uint8_t)
HONE_QUANTIZE(S16, int16_t)
HONE_QUANTIZE(U16, uint16_t)
HONE_DEQUANTIZE(S8, int8_t)
HONE_DEQUANTIZE(U8, uint8_t)
HONE_DEQUANTIZE(S16, int16_t)
HONE_DEQUANTIZE(U16, uint16_t)
HONE_DEQUANTIZE(S32, int32_t)
#undef HONE_QUANTIZE
#undef HONE_DEQUANTIZE

void QuantizeDequantizeF32(const float* x, size_t n, const QuantParams& p,
                           int32_t low, int32_t high, float* y) {
  return p.step ? QuantizeDequantize<true>(x, n, p, low, high, y)
                : QuantizeDequantize<false>(x, n, p, low, high, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(QuantizeS8);
HWY_EXPORT(QuantizeU8);
HWY_EXPORT(QuantizeS16);
HWY_EXPORT(QuantizeU16);
HWY_EXPORT(DequantizeS8);
HWY_EXPORT(DequantizeU8);
HWY_EXPORT(DequantizeS16);
HWY_EXPORT(DequantizeU16);
HWY_EXPORT(DequantizeS32);
HWY_EXPORT(QuantizeDequantizeF32);

void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 int8_t* y) {
  HWY_DYNAMIC_DISPATCH(QuantizeS8)(x, n, params, y);
}
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(QuantizeU8)(x, n, params, y);
}
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 int16_t* y) {
  HWY_DYNAMIC_DISPATCH(QuantizeS16)(x, n, params, y);
}
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 uint16_t* y) {
  HWY_DYNAMIC_DISPATCH(QuantizeU16)(x, n, params, y);
}
void DequantizeRow(const int8_t* x, size_t n, const QuantParams& params,
                   float* y) {
  HWY_DYNAMIC_DISPATCH(DequantizeS8)(x, n, params, y);
}
void DequantizeRow(const uint8_t* x, size_t n, const QuantParams& params,
                   float* y) {
  HWY_DYNAMIC_DISPATCH(DequantizeU8)(x, n, params, y);
}
void DequantizeRow(const int16_t* x, size_t n, const QuantParams& params,
                   float* y) {
  HWY_DYNAMIC_DISPATCH(DequantizeS16)(x, n, params, y);
}
void DequantizeRow(const uint16_t* x, size_t n, const QuantParams& params,
                   float* y) {
  HWY_DYNAMIC_DISPATCH(DequantizeU16)(x, n, params, y);
}
void DequantizeRow(const int32_t* x, size_t n, const QuantParams& params,
                   float* y) {
  HWY_DYNAMIC_DISPATCH(DequantizeS32)(x, n, params, y);
}
void QuantizeDequantizeRow(const float* x, size_t n, const QuantParams& params,
                           int32_t low, int32_t high, float* y) {
  HWY_DYNAMIC_DISPATCH(QuantizeDequantizeF32)(x, n, params, low, high, y);
}

}  // namespace hone
#endif  // HWY_ONCE
