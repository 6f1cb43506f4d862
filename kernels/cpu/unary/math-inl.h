// Vector exponentials and their kin over the whole range of float: Highway's
// functions are defined on a part of it only.
#if defined(HONE_KERNELS_CPU_UNARY_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_UNARY_MATH_INL_H_
#undef HONE_KERNELS_CPU_UNARY_MATH_INL_H_
#else
#define HONE_KERNELS_CPU_UNARY_MATH_INL_H_
#endif

#include <limits>

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// e^x; infinity above 88.72, 0 far below, NaN stays.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FullExp(D d, V x) {
  const V top = hn::Set(d, 104.0f);
  const V safe = hn::IfThenElse(hn::Gt(x, top), top, x);
  // Inline: a call costs as much as half of it.
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(d, safe));
}

// log(x); -infinity at 0, NaN below, infinity at infinity.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FullLog(D d, V x) {
  const V inf = hn::Inf(d);
  const V inside = hn::Log(d, x);
  const V y = hn::IfThenElse(hn::Lt(x, inf), inside, x);
  const V at_zero = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Neg(inf), y);
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::NaN(d), at_zero);
}

// erf(x). |x| < 1: x P(x^2); else 1 - e^-Q(|x|), sign of x. P and Q interpolate
// at Chebyshev nodes, to 4e-11 and 5e-10 before rounding.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FullErf(D d, V x) {
  const V t = hn::Mul(x, x);
  V p = hn::Set(d, -9.66704429e-06f);
  p = hn::MulAdd(p, t, hn::Set(d, 0.000112659589f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.000848408039f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.00522103181f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.0268654307f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.112837825f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.376126385f));
  p = hn::MulAdd(p, t, hn::Set(d, 1.12837917f));
  const V small = hn::Mul(x, p);

  const V size = hn::Abs(x);
  const V a = hn::Min(size, hn::Set(d, 4.0f));
  V q = hn::Set(d, -1.63715142e-06f);
  q = hn::MulAdd(q, a, hn::Set(d, 4.60580427e-05f));
  q = hn::MulAdd(q, a, hn::Set(d, -0.000596805626f));
  q = hn::MulAdd(q, a, hn::Set(d, 0.00475959629f));
  q = hn::MulAdd(q, a, hn::Set(d, -0.026421136f));
  q = hn::MulAdd(q, a, hn::Set(d, 0.110080083f));
  q = hn::MulAdd(q, a, hn::Set(d, 0.631826052f));
  q = hn::MulAdd(q, a, hn::Set(d, 1.13023343f));
  q = hn::MulAdd(q, a, hn::Set(d, -0.00032013805f));
  const V large =
      hn::CopySign(hn::Sub(hn::Set(d, 1.0f), hn::Exp(d, hn::Neg(q))), x);
  const V y = hn::IfThenElse(hn::Lt(size, hn::Set(d, 1.0f)), small, large);
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

// x f(x) where f vanishes at -infinity faster than any power.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V TimesVanishing(D d, V x, V f) {
  const V least = hn::Set(d, -3.0e38f);
  return hn::IfThenElse(hn::Lt(x, least), hn::Neg(hn::Zero(d)), hn::Mul(x, f));
}

// x / 2 (1 + erf(x / sqrt 2))
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FullGelu(D d, V x) {
  const V e = FullErf(d, hn::Mul(x, hn::Set(d, 0.70710678118654752f)));
  return TimesVanishing(
      d, x, hn::Mul(hn::Set(d, 0.5f), hn::Add(hn::Set(d, 1.0f), e)));
}

// tanh(x), by way of e^(-2|x|) where that loses nothing.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V FullTanh(D d, V x) {
  const V one = hn::Set(d, 1.0f);
  const V size = hn::Abs(x);
  const V e = FullExp(d, hn::Mul(size, hn::Set(d, -2.0f)));
  const V large = hn::CopySign(hn::Div(hn::Sub(one, e), hn::Add(one, e)), x);
  // Odd polynomial, interpolated at Chebyshev nodes of x^2 in [0, 0.3906].
  const V t = hn::Mul(x, x);
  V p = hn::Set(d, 0.00229274493f);
  p = hn::MulAdd(p, t, hn::Set(d, -0.00834394566f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.0217689187f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.0539592596f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.133333036f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.333333332f));
  const V small = hn::MulAdd(hn::Mul(x, t), p, x);
  return hn::IfThenElse(hn::Lt(size, hn::Set(d, 0.625f)), small, large);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_UNARY_MATH_INL_H_
