// The definition of unary.h, one element at a time in double.
#ifndef HONE_KERNELS_CPU_UNARY_UNARY_REF_H_
#define HONE_KERNELS_CPU_UNARY_UNARY_REF_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/cpu/unary/unary.h"

namespace hone {

inline double UnaryDefinition(UnaryOp op, const UnaryParams& params, double x) {
  const double a = params.a;
  const double b = params.b;
  const double inf = HUGE_VAL;
  if (std::isnan(x)) return op == UnaryOp::kSign ? 0 : x;
  switch (op) {
    case UnaryOp::kAbs:
      return std::fabs(x);
    case UnaryOp::kNeg:
      return -x;
    case UnaryOp::kSign:
      return x > 0 ? 1 : x < 0 ? -1 : 0;
    case UnaryOp::kFloor:
      return std::floor(x);
    case UnaryOp::kCeil:
      return std::ceil(x);
    case UnaryOp::kRound:
      return std::nearbyint(x);
    case UnaryOp::kReciprocal:
      return 1 / x;
    case UnaryOp::kSqrt:
      return std::sqrt(x);
    case UnaryOp::kExp:
      return std::exp(x);
    case UnaryOp::kLog:
      return std::log(x);
    case UnaryOp::kRelu:
      return x < 0 ? 0 : x;
    case UnaryOp::kClip:
      return std::min(std::max(x, a), b);
    case UnaryOp::kLeakyRelu:
      return x < 0 ? a * x : x;
    case UnaryOp::kThresholdedRelu:
      return x > a ? x : 0;
    case UnaryOp::kElu:
      return x < 0 ? a * std::expm1(x) : x;
    case UnaryOp::kCelu:
      return std::max(0.0, x) + std::min(0.0, a * std::expm1(x / a));
    case UnaryOp::kSelu:
      return x > 0 ? b * x : b * (a * std::expm1(x));
    case UnaryOp::kHardSigmoid:
      return std::max(0.0, std::min(1.0, a * x + b));
    case UnaryOp::kHardSwish:
      return x == -inf ? 0 : x * std::max(0.0, std::min(1.0, x / 6 + 0.5));
    case UnaryOp::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case UnaryOp::kSwish:
      return std::isinf(a * x) && a * x < 0 ? 0 : x / (1 + std::exp(-a * x));
    case UnaryOp::kTanh:
      return std::tanh(x);
    case UnaryOp::kSoftplus:
      return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
    case UnaryOp::kSoftsign:
      return std::isinf(x) ? (x > 0 ? 1 : -1) : x / (1 + std::fabs(x));
    case UnaryOp::kMish:
      return x == -inf ? 0
                       : x * std::tanh(std::max(x, 0.0) +
                                       std::log1p(std::exp(-std::fabs(x))));
    case UnaryOp::kErf:
      return std::erf(x);
    case UnaryOp::kGelu:
      return x == -inf ? 0 : x * 0.5 * std::erfc(-x * 0.70710678118654752440);
    case UnaryOp::kGeluTanh:
      return x == -inf ? 0
                       : x * 0.5 *
                             (1 + std::tanh(0.79788456080286535588 *
                                            (x + 0.044715 * x * x * x)));
    case UnaryOp::kShrink:
      return x < -a ? x + b : x > a ? x - b : 0;
    case UnaryOp::kSin:
      return std::sin(x);
    case UnaryOp::kCos:
      return std::cos(x);
    case UnaryOp::kTan:
      return std::tan(x);
    case UnaryOp::kAsin:
      return std::asin(x);
    case UnaryOp::kAcos:
      return std::acos(x);
    case UnaryOp::kAtan:
      return std::atan(x);
    case UnaryOp::kSinh:
      return std::sinh(x);
    case UnaryOp::kCosh:
      return std::cosh(x);
    case UnaryOp::kAsinh:
      return std::asinh(x);
    case UnaryOp::kAcosh:
      return std::acosh(x);
    case UnaryOp::kAtanh:
      return std::atanh(x);
  }
  return x;
}

// T: float, double, or a type that converts to and explicitly from float.
template <typename T>
void UnaryRef(UnaryOp op, const UnaryParams& params, const T* x, size_t n,
              T* y) {
  for (size_t i = 0; i < n; ++i) {
    const double value = UnaryDefinition(op, params, static_cast<double>(x[i]));
    if constexpr (sizeof(T) >= sizeof(float)) {
      y[i] = static_cast<T>(value);
    } else {
      y[i] = T(static_cast<float>(value));
    }
  }
}

// Integers have these operators and kShrink only: kAbs, kNeg, kSign, kRelu. The
// most negative value is its own kAbs and kNeg.
template <typename T>
void UnaryInteger(UnaryOp op, const T* x, size_t n, T* y) {
  for (size_t i = 0; i < n; ++i) {
    const bool negative = x[i] < 0;
    const T negated = static_cast<T>(uint64_t{0} - static_cast<uint64_t>(x[i]));
    switch (op) {
      case UnaryOp::kAbs:
        y[i] = negative ? negated : x[i];
        break;
      case UnaryOp::kNeg:
        y[i] = negated;
        break;
      case UnaryOp::kSign:
        y[i] = static_cast<T>(negative ? -1 : x[i] != 0);
        break;
      default:
        y[i] = negative ? T{0} : x[i];
    }
  }
}

// kShrink: b is added or taken from x exactly, and the fraction cut off. What
// the type does not hold becomes its limit.
template <typename T>
void ShrinkInteger(const UnaryParams& params, const T* x, size_t n, T* y) {
  using Limits = std::numeric_limits<T>;
  // Where long double has 64 bits of mantissa, all of T's values fit.
  using Real = std::conditional_t<sizeof(T) == 8, long double, double>;
  const Real a = static_cast<Real>(params.a), b = static_cast<Real>(params.b);
  for (size_t i = 0; i < n; ++i) {
    const auto value = static_cast<Real>(x[i]);
    const Real moved = value < -a ? value + b : value > a ? value - b : Real{0};
    y[i] = std::isnan(moved)                              ? T{0}
           : moved >= std::ldexp(Real{1}, Limits::digits) ? Limits::max()
           : moved <= static_cast<Real>(Limits::min())    ? Limits::min()
                                                       : static_cast<T>(moved);
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_UNARY_UNARY_REF_H_
