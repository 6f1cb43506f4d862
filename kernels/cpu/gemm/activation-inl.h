// Activation over a row of floats, for one instruction set; included by files
// that Highway's foreach_target compiles again for each.
#if defined(HONE_KERNELS_CPU_GEMM_ACTIVATION_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_GEMM_ACTIVATION_INL_H_
#undef HONE_KERNELS_CPU_GEMM_ACTIVATION_INL_H_
#else
#define HONE_KERNELS_CPU_GEMM_ACTIVATION_INL_H_
#endif

#include <cstddef>

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/unary/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Lower and upper bound; x is the second operand, which the instruction returns
// when either is NaN, so NaN stays NaN.
template <class D, class V>
HWY_INLINE V ClampVector(D /*d*/, V x, V low, V high) {
  return hn::Min(high, hn::Max(low, x));
}

template <class D, class V>
HWY_INLINE V SigmoidVector(D d, V x) {
  // Beyond 87 the result is 0 to all float32's digits that matter, and one more
  // than the exponential would leave the range that the step below needs.
  const V e = hn::Exp(d, hn::Min(hn::Set(d, 87.0f), hn::Neg(x)));
  const V denominator = hn::Add(hn::Set(d, 1.0f), e);
  // One step of Newton's from the instruction's 12 bits or more: within 2 units
  // in the last place, and several times faster than a division.
  const V guess = hn::ApproximateReciprocal(denominator);
  return hn::Mul(guess, hn::NegMulAdd(denominator, guess, hn::Set(d, 2.0f)));
}

template <class D, class V>
HWY_INLINE V ActivateVector(D d, const Activation& f, V x) {
  const V zero = hn::Zero(d);
  const V one = hn::Set(d, 1.0f);
  switch (f.kind) {
    case Activation::Kind::kNone:
      return x;
    case Activation::Kind::kClamp:
      return ClampVector(d, x, hn::Set(d, f.a), hn::Set(d, f.b));
    case Activation::Kind::kLeakyRelu:
      return hn::IfThenElse(hn::Lt(x, zero), hn::Mul(hn::Set(d, f.a), x), x);
    case Activation::Kind::kHardSigmoid:
      // Two roundings, as kernels/cpu/unary has them: fused or not, the
      // activation gives the same bits.
      return ClampVector(
          d, hn::Add(hn::Mul(hn::Set(d, f.a), x), hn::Set(d, f.b)), zero, one);
    case Activation::Kind::kHardSwish:
      return hn::Mul(
          x, ClampVector(
                 d, hn::Add(hn::Mul(hn::Set(d, 1.0f / 6), x), hn::Set(d, 0.5f)),
                 zero, one));
    case Activation::Kind::kSigmoid:
      return SigmoidVector(d, x);
    case Activation::Kind::kSilu:
      return hn::Mul(x, SigmoidVector(d, x));
    case Activation::Kind::kGelu:
      return FullGelu(d, x);
    case Activation::Kind::kTanh:
      return hn::Tanh(d, x);
  }
  return x;
}

// ActivateRow for one kind, so that nothing is decided in the loop.
template <Activation::Kind kKind>
void ActivateRowOf(const Activation& f, float* x, size_t n) {
  const Activation own{kKind, f.a, f.b};
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(ActivateVector(d, own, hn::LoadU(d, x + i)), d, x + i);
  }
  if (i == n) return;
  HWY_ALIGN float rest[hn::MaxLanes(d)] = {};
  for (size_t j = i; j < n; ++j) rest[j - i] = x[j];
  hn::Store(ActivateVector(d, own, hn::Load(d, rest)), d, rest);
  for (size_t j = i; j < n; ++j) x[j] = rest[j - i];
}

// x[i] = f(x[i]), i < n.
inline void ActivateRow(const Activation& f, float* x, size_t n) {
  using Kind = Activation::Kind;
  switch (f.kind) {
    case Kind::kNone:
      return;
    case Kind::kClamp:
      return ActivateRowOf<Kind::kClamp>(f, x, n);
    case Kind::kLeakyRelu:
      return ActivateRowOf<Kind::kLeakyRelu>(f, x, n);
    case Kind::kHardSigmoid:
      return ActivateRowOf<Kind::kHardSigmoid>(f, x, n);
    case Kind::kHardSwish:
      return ActivateRowOf<Kind::kHardSwish>(f, x, n);
    case Kind::kSigmoid:
      return ActivateRowOf<Kind::kSigmoid>(f, x, n);
    case Kind::kSilu:
      return ActivateRowOf<Kind::kSilu>(f, x, n);
    case Kind::kGelu:
      return ActivateRowOf<Kind::kGelu>(f, x, n);
    case Kind::kTanh:
      return ActivateRowOf<Kind::kTanh>(f, x, n);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_GEMM_ACTIVATION_INL_H_
