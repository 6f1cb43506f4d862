#include "kernels/cpu/unary/unary.h"

#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/unary/unary.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/unary/math-inl.h"
#include "kernels/cpu/unary/unary_ref.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// The tail goes through a whole vector too, so that an element's value does not
// depend on where in the array it is.
template <class F>
void Loop(const F& f, const float* HWY_RESTRICT x, size_t n, float* y) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(f(d, hn::LoadU(d, x + i)), d, y + i);
  }
  if (i < n) {
    HWY_ALIGN float buffer[hn::MaxLanes(d)] = {};
    std::memcpy(buffer, x + i, (n - i) * sizeof(float));
    hn::Store(f(d, hn::Load(d, buffer)), d, buffer);
    std::memcpy(y + i, buffer, (n - i) * sizeof(float));
  }
}

// vector(v) where |v| <= limit; what is beyond, and NaN, goes through the
// definition. An element's value does not depend on its neighbours.
template <class F>
HWY_INLINE V Within(D d, V v, float limit, UnaryOp op, const F& vector) {
  const auto inside = hn::Le(hn::Abs(v), hn::Set(d, limit));
  if (hn::AllTrue(d, inside)) return vector(v);
  HWY_ALIGN float x[hn::MaxLanes(d)];
  HWY_ALIGN float y[hn::MaxLanes(d)];
  hn::Store(v, d, x);
  hn::Store(vector(hn::IfThenElseZero(inside, v)), d, y);
  for (size_t j = 0; j < hn::Lanes(d); ++j) {
    if (std::fabs(x[j]) <= limit) continue;
    y[j] =
        static_cast<float>(UnaryDefinition(op, {}, static_cast<double>(x[j])));
  }
  return hn::Load(d, y);
}

// Where Highway's sine and cosine hold.
constexpr float kCircleLimit = 39000.0f;

HWY_INLINE V One(D d) { return hn::Set(d, 1.0f); }

HWY_INLINE V Sigmoid(D d, V x) {
  return hn::Div(One(d), hn::Add(One(d), FullExp(d, hn::Neg(x))));
}

// max(0, min(1, x)) that keeps NaN.
HWY_INLINE V Clamp01(D d, V x) {
  const V low = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x);
  return hn::IfThenElse(hn::Gt(low, One(d)), One(d), low);
}

HWY_INLINE V NegativeExpm1(D d, V x) {
  const V y = hn::Expm1(d, hn::Min(x, hn::Zero(d)));
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

HWY_INLINE V Softplus(D d, V x) {
  const V e = FullExp(d, hn::Neg(hn::Abs(x)));
  return hn::Add(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x),
                 hn::Log1p(d, e));
}

HWY_INLINE V Mish(D d, V x) {
  // tanh(log(1 + e)) = (e^2 + 2 e) / (e^2 + 2 e + 2)
  const V two = hn::Set(d, 2.0f);
  const V e = FullExp(
      d, hn::IfThenElse(hn::Gt(x, hn::Set(d, 20.0f)), hn::Set(d, 20.0f), x));
  const V n = hn::Mul(e, hn::Add(e, two));
  return TimesVanishing(d, x, hn::Div(n, hn::Add(n, two)));
}

HWY_INLINE V HardSwish(D d, V x) {
  const V gate =
      Clamp01(d, hn::Add(hn::Mul(x, hn::Set(d, 1.0f / 6)), hn::Set(d, 0.5f)));
  return TimesVanishing(d, x, gate);
}

HWY_INLINE V GeluTanh(D d, V x) {
  const V cubic = hn::Mul(hn::Mul(x, x), hn::Mul(x, hn::Set(d, 0.044715f)));
  const V t =
      FullTanh(d, hn::Mul(hn::Set(d, 0.797884560802865f), hn::Add(x, cubic)));
  return TimesVanishing(d, x, hn::Mul(hn::Set(d, 0.5f), hn::Add(One(d), t)));
}

void Scalars(UnaryOp op, const UnaryParams& p, const float* x, size_t n,
             float* y) {
  UnaryRef(op, p, x, n, y);
}

// Operators with parameters.
void WithParams(UnaryOp op, const UnaryParams& p, const float* x, size_t n,
                float* y) {
  const D tag;
  const V a = hn::Set(tag, p.a);
  const V b = hn::Set(tag, p.b);
  switch (op) {
    case UnaryOp::kClip:
      return Loop(
          [=](D, V v) {
            const V low = hn::IfThenElse(hn::Lt(v, a), a, v);
            return hn::IfThenElse(hn::Gt(low, b), b, low);
          },
          x, n, y);
    case UnaryOp::kLeakyRelu:
      return Loop(
          [=](D d, V v) {
            return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Mul(v, a), v);
          },
          x, n, y);
    case UnaryOp::kThresholdedRelu:
      return Loop(
          [=](D d, V v) {
            return hn::IfThenElse(hn::Le(v, a), hn::Zero(d), v);
          },
          x, n, y);
    case UnaryOp::kElu:
      return Loop(
          [=](D d, V v) {
            return hn::IfThenElse(hn::Lt(v, hn::Zero(d)),
                                  hn::Mul(a, NegativeExpm1(d, v)), v);
          },
          x, n, y);
    case UnaryOp::kSelu: {
      const V ab = hn::Set(tag, p.a * p.b);
      return Loop(
          [=](D d, V v) {
            return hn::IfThenElse(hn::Gt(v, hn::Zero(d)), hn::Mul(b, v),
                                  hn::Mul(ab, NegativeExpm1(d, v)));
          },
          x, n, y);
    }
    case UnaryOp::kHardSigmoid:
      return Loop(
          [=](D d, V v) { return Clamp01(d, hn::Add(hn::Mul(a, v), b)); }, x, n,
          y);
    case UnaryOp::kSwish:
      return Loop(
          [=](D d, V v) {
            // e^(-a x) overflows there, and its inverse wins over x.
            const V limit =
                hn::IfThenElse(hn::Gt(a, hn::Zero(d)), hn::Neg(hn::Zero(d)), v);
            return hn::IfThenElse(hn::Eq(v, hn::Neg(hn::Inf(d))), limit,
                                  hn::Mul(v, Sigmoid(d, hn::Mul(a, v))));
          },
          x, n, y);
    default:
      return Scalars(op, p, x, n, y);
  }
}

void UnaryTarget(UnaryOp op, const UnaryParams& p, const float* x, size_t n,
                 float* y) {
  switch (op) {
    case UnaryOp::kAbs:
      return Loop([](D, V v) { return hn::Abs(v); }, x, n, y);
    case UnaryOp::kNeg:
      return Loop([](D, V v) { return hn::Neg(v); }, x, n, y);
    case UnaryOp::kFloor:
      return Loop([](D, V v) { return hn::Floor(v); }, x, n, y);
    case UnaryOp::kCeil:
      return Loop([](D, V v) { return hn::Ceil(v); }, x, n, y);
    case UnaryOp::kRound:
      return Loop([](D, V v) { return hn::Round(v); }, x, n, y);
    case UnaryOp::kReciprocal:
      return Loop([](D d, V v) { return hn::Div(One(d), v); }, x, n, y);
    case UnaryOp::kSqrt:
      return Loop([](D, V v) { return hn::Sqrt(v); }, x, n, y);
    case UnaryOp::kExp:
      return Loop([](D d, V v) { return FullExp(d, v); }, x, n, y);
    case UnaryOp::kLog:
      return Loop([](D d, V v) { return FullLog(d, v); }, x, n, y);
    case UnaryOp::kRelu:
      return Loop(
          [](D d, V v) {
            return hn::IfThenElse(hn::Lt(v, hn::Zero(d)), hn::Zero(d), v);
          },
          x, n, y);
    case UnaryOp::kHardSwish:
      return Loop([](D d, V v) { return HardSwish(d, v); }, x, n, y);
    case UnaryOp::kSigmoid:
      return Loop([](D d, V v) { return Sigmoid(d, v); }, x, n, y);
    case UnaryOp::kTanh:
      return Loop([](D d, V v) { return FullTanh(d, v); }, x, n, y);
    case UnaryOp::kSin:
      return Loop(
          [op](D d, V v) {
            return Within(d, v, kCircleLimit, op,
                          [d](V in) { return hn::Sin(d, in); });
          },
          x, n, y);
    case UnaryOp::kCos:
      return Loop(
          [op](D d, V v) {
            return Within(d, v, kCircleLimit, op,
                          [d](V in) { return hn::Cos(d, in); });
          },
          x, n, y);
    case UnaryOp::kSoftplus:
      return Loop([](D d, V v) { return Softplus(d, v); }, x, n, y);
    case UnaryOp::kMish:
      return Loop([](D d, V v) { return Mish(d, v); }, x, n, y);
    case UnaryOp::kErf:
      return Loop([](D d, V v) { return FullErf(d, v); }, x, n, y);
    case UnaryOp::kGelu:
      return Loop([](D d, V v) { return FullGelu(d, v); }, x, n, y);
    case UnaryOp::kGeluTanh:
      return Loop([](D d, V v) { return GeluTanh(d, v); }, x, n, y);
    default:
      return WithParams(op, p, x, n, y);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(UnaryTarget);

void Unary(UnaryOp op, const UnaryParams& params, const float* x, size_t n,
           float* y) {
  HWY_DYNAMIC_DISPATCH(UnaryTarget)(op, params, x, n, y);
}

}  // namespace hone
#endif  // HWY_ONCE
