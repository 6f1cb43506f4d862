// Vectors of a^b in float64, rounded to float32 once.
#if defined(HONE_KERNELS_CPU_BINARY_POW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_BINARY_POW_INL_H_
#undef HONE_KERNELS_CPU_BINARY_POW_INL_H_
#else
#define HONE_KERNELS_CPU_BINARY_POW_INL_H_
#endif

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using PowD64 = hn::ScalableTag<double>;
using PowU64 = hn::RebindToUnsigned<PowD64>;
using PowD32 = hn::Rebind<float, PowD64>;
using PowV64 = hn::Vec<PowD64>;

// Added to a small integer, leaves it in a double's low bits.
constexpr double kPowMagic = 6755399441055744.0;  // 1.5 * 2^52

// log2(x) of normal x > 0: of the mantissa z in [sqrt(1/2), sqrt(2)) by the
// series of 2 atanh((z - 1) / (z + 1)), cut where it is below 4e-14.
HWY_INLINE PowV64 PowLog2(PowV64 x) {
  const PowD64 d;
  const PowU64 u;
  const auto root = hn::Set(u, uint64_t{0x3FE6A09E667F3BCD});
  const auto bias = hn::Set(u, uint64_t{1024} << 52);
  const auto bits = hn::BitCast(u, x);
  const auto k = hn::ShiftRight<52>(hn::Add(hn::Sub(bits, root), bias));
  const auto z =
      hn::BitCast(d, hn::Add(hn::Sub(bits, hn::ShiftLeft<52>(k)), bias));
  const auto magic = hn::BitCast(u, hn::Set(d, kPowMagic));
  const PowV64 exponent =
      hn::Sub(hn::BitCast(d, hn::Add(k, magic)), hn::Set(d, kPowMagic + 1024));
  const PowV64 one = hn::Set(d, 1.0);
  const PowV64 s = hn::Div(hn::Sub(z, one), hn::Add(z, one));
  const PowV64 t = hn::Mul(s, s);
  PowV64 p = hn::Set(d, 1.0 / 15);
  p = hn::MulAdd(p, t, hn::Set(d, 1.0 / 13));
  p = hn::MulAdd(p, t, hn::Set(d, 1.0 / 11));
  p = hn::MulAdd(p, t, hn::Set(d, 1.0 / 9));
  p = hn::MulAdd(p, t, hn::Set(d, 1.0 / 7));
  p = hn::MulAdd(p, t, hn::Set(d, 1.0 / 5));
  p = hn::MulAdd(p, t, hn::Set(d, 1.0 / 3));
  p = hn::MulAdd(p, t, one);
  const PowV64 two_over_ln2 = hn::Set(d, 2.8853900817779268);
  return hn::MulAdd(hn::Mul(s, two_over_ln2), p, exponent);
}

// 2^t of |t| < 1000: t = n + f, e^(f ln 2) by its series, cut below 3e-13.
HWY_INLINE PowV64 PowExp2(PowV64 t) {
  const PowD64 d;
  const PowU64 u;
  const PowV64 magic = hn::Set(d, kPowMagic);
  const PowV64 shifted = hn::Add(t, magic);
  const PowV64 f = hn::Sub(t, hn::Sub(shifted, magic));
  const PowV64 g = hn::Mul(f, hn::Set(d, 0.69314718055994531));
  PowV64 p = hn::Set(d, 1.0 / 3628800);
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 362880));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 40320));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 5040));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 720));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 120));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 24));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0 / 6));
  p = hn::MulAdd(p, g, hn::Set(d, 0.5));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0));
  p = hn::MulAdd(p, g, hn::Set(d, 1.0));
  // n moves from the low bits to where exponents are.
  const auto n = hn::ShiftLeft<52>(hn::BitCast(u, shifted));
  return hn::BitCast(d, hn::Add(hn::BitCast(u, p), n));
}

// y[j] = a[j]^b[j] for each of a vector's lanes. What is not positive, finite
// and normal going in and coming out is std::pow's: an element's value does not
// depend on its neighbours.
HWY_INLINE void PowLanes(const float* a, const float* b, float* y) {
  const PowD64 d;
  const PowD32 d32;
  const size_t lanes = hn::Lanes(d);
  const PowV64 x = hn::PromoteTo(d, hn::LoadU(d32, a));
  const PowV64 exponent = hn::PromoteTo(d, hn::LoadU(d32, b));
  const auto positive =
      hn::And(hn::Gt(x, hn::Zero(d)), hn::Lt(x, hn::Set(d, 1e39)));
  const PowV64 safe = hn::IfThenElse(positive, x, hn::Set(d, 1.0));
  const PowV64 t = hn::Mul(exponent, PowLog2(safe));
  // False for NaN too.
  const auto simple = hn::And(positive, hn::And(hn::Gt(t, hn::Set(d, -126.0)),
                                                hn::Lt(t, hn::Set(d, 127.9))));
  const PowV64 power = PowExp2(hn::IfThenElseZero(simple, t));
  if (hn::AllTrue(d, simple)) {
    hn::StoreU(hn::DemoteTo(d32, power), d32, y);
    return;
  }
  HWY_ALIGN double is_simple[hn::MaxLanes(d)];
  HWY_ALIGN float values[hn::MaxLanes(d)];
  hn::Store(hn::IfThenElseZero(simple, hn::Set(d, 1.0)), d, is_simple);
  hn::Store(hn::DemoteTo(d32, power), d32, values);
  for (size_t j = 0; j < lanes; ++j) {
    y[j] = is_simple[j] != 0 ? values[j] : std::pow(a[j], b[j]);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_BINARY_POW_INL_H_
