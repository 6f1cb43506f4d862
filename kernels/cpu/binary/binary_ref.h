// The definition of binary.h for any arithmetic type, and the kernel of those
// that have no faster one.
#ifndef HONE_KERNELS_CPU_BINARY_BINARY_REF_H_
#define HONE_KERNELS_CPU_BINARY_BINARY_REF_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/cpu/binary/binary.h"

namespace hone {

template <typename T>
T IntegerPow(T base, T exponent) {
  if constexpr (std::is_signed_v<T>) {
    if (exponent < 0) {
      return static_cast<T>(base == 1    ? 1
                            : base == -1 ? (exponent % 2 != 0 ? -1 : 1)
                                         : 0);
    }
  }
  uint64_t power = static_cast<uint64_t>(base);
  uint64_t result = 1;
  for (uint64_t e = static_cast<uint64_t>(exponent); e != 0; e >>= 1) {
    if ((e & 1) != 0) result *= power;
    power *= power;
  }
  return static_cast<T>(result);
}

// T: an integer type.
template <BinaryOp kOp, typename T>
T IntegerBinary(T a, T b) {
  // Arithmetic modulo 2^64 keeps signed overflow defined.
  const uint64_t ua = static_cast<uint64_t>(a);
  const uint64_t ub = static_cast<uint64_t>(b);
  switch (kOp) {
    case BinaryOp::kAdd:
      return static_cast<T>(ua + ub);
    case BinaryOp::kSub:
      return static_cast<T>(ua - ub);
    case BinaryOp::kMul:
      return static_cast<T>(ua * ub);
    case BinaryOp::kMin:
      return b < a ? b : a;
    case BinaryOp::kMax:
      return a < b ? b : a;
    case BinaryOp::kPow:
      return IntegerPow(a, b);
    case BinaryOp::kPRelu:
      return a < 0 ? static_cast<T>(ua * ub) : a;
    case BinaryOp::kAnd:
      return static_cast<T>(ua & ub);
    case BinaryOp::kOr:
      return static_cast<T>(ua | ub);
    case BinaryOp::kXor:
      return static_cast<T>(ua ^ ub);
    case BinaryOp::kShiftLeft:
      return ub < 8 * sizeof(T) ? static_cast<T>(ua << ub) : T{0};
    case BinaryOp::kShiftRight:
      if (ub < 8 * sizeof(T)) return static_cast<T>(a >> ub);
      return static_cast<T>(a < 0 ? -1 : 0);
    default:
      break;
  }
  if (b == 0) return 0;
  if constexpr (std::is_signed_v<T>) {
    // The most negative value over -1 overflows.
    if (b == -1) {
      return kOp == BinaryOp::kDiv ? static_cast<T>(uint64_t{0} - ua) : T{0};
    }
  }
  if (kOp == BinaryOp::kDiv) return static_cast<T>(a / b);
  const T rest = static_cast<T>(a % b);
  const bool adjust =
      kOp == BinaryOp::kMod && rest != 0 && ((rest < 0) != (b < 0));
  return adjust ? static_cast<T>(rest + b) : rest;
}

// T: float or double.
template <BinaryOp kOp, typename T>
T FloatBinary(T a, T b) {
  switch (kOp) {
    case BinaryOp::kAdd:
      return a + b;
    case BinaryOp::kSub:
      return a - b;
    case BinaryOp::kMul:
      return a * b;
    case BinaryOp::kDiv:
      return a / b;
    case BinaryOp::kMin:
      return a < b || std::isnan(a) ? a : b;
    case BinaryOp::kMax:
      return a > b || std::isnan(a) ? a : b;
    case BinaryOp::kPow:
      return std::pow(a, b);
    case BinaryOp::kMod: {
      const T rest = std::fmod(a, b);
      return rest != 0 && ((rest < 0) != (b < 0)) ? rest + b : rest;
    }
    case BinaryOp::kFmod:
      return std::fmod(a, b);
    case BinaryOp::kPRelu:
      return a < 0 ? b * a : a;
    default:
      return a;
  }
}

// T: arithmetic, or a 16-bit type that computes in float.
template <BinaryOp kOp, typename T>
T BinaryDefinition(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return IntegerBinary<kOp, T>(a, b);
  } else if constexpr (std::is_floating_point_v<T>) {
    return FloatBinary<kOp, T>(a, b);
  } else {
    return T(FloatBinary<kOp, float>(a, b));
  }
}

template <BinaryOp kOp, typename T>
void BinaryLoop(const T* a, int64_t a_step, const T* b, int64_t b_step,
                size_t n, T* y) {
  for (size_t i = 0; i < n; ++i) {
    y[i] = BinaryDefinition<kOp, T>(*a, *b);
    a += a_step;
    b += b_step;
  }
}

template <typename T>
void BinaryRowRef(BinaryOp op, const T* a, int64_t a_step, const T* b,
                  int64_t b_step, size_t n, T* y) {
  switch (op) {
    case BinaryOp::kAdd:
      return BinaryLoop<BinaryOp::kAdd>(a, a_step, b, b_step, n, y);
    case BinaryOp::kSub:
      return BinaryLoop<BinaryOp::kSub>(a, a_step, b, b_step, n, y);
    case BinaryOp::kMul:
      return BinaryLoop<BinaryOp::kMul>(a, a_step, b, b_step, n, y);
    case BinaryOp::kDiv:
      return BinaryLoop<BinaryOp::kDiv>(a, a_step, b, b_step, n, y);
    case BinaryOp::kMin:
      return BinaryLoop<BinaryOp::kMin>(a, a_step, b, b_step, n, y);
    case BinaryOp::kMax:
      return BinaryLoop<BinaryOp::kMax>(a, a_step, b, b_step, n, y);
    case BinaryOp::kPow:
      return BinaryLoop<BinaryOp::kPow>(a, a_step, b, b_step, n, y);
    case BinaryOp::kMod:
      return BinaryLoop<BinaryOp::kMod>(a, a_step, b, b_step, n, y);
    case BinaryOp::kFmod:
      return BinaryLoop<BinaryOp::kFmod>(a, a_step, b, b_step, n, y);
    case BinaryOp::kPRelu:
      return BinaryLoop<BinaryOp::kPRelu>(a, a_step, b, b_step, n, y);
    default:
      break;
  }
  if constexpr (std::is_integral_v<T>) {
    switch (op) {
      case BinaryOp::kAnd:
        return BinaryLoop<BinaryOp::kAnd>(a, a_step, b, b_step, n, y);
      case BinaryOp::kOr:
        return BinaryLoop<BinaryOp::kOr>(a, a_step, b, b_step, n, y);
      case BinaryOp::kXor:
        return BinaryLoop<BinaryOp::kXor>(a, a_step, b, b_step, n, y);
      case BinaryOp::kShiftLeft:
        return BinaryLoop<BinaryOp::kShiftLeft>(a, a_step, b, b_step, n, y);
      case BinaryOp::kShiftRight:
        return BinaryLoop<BinaryOp::kShiftRight>(a, a_step, b, b_step, n, y);
      default:
        break;
    }
  }
}

// Loops that a compiler makes vectors of: y is no alias of a and b.
template <typename T, typename F>
void CompareLoop(const T* a, int64_t a_step, const T* b, int64_t b_step,
                 size_t n, uint8_t* __restrict y, F holds) {
  if (a_step != 0 && b_step != 0) {
    for (size_t i = 0; i < n; ++i) y[i] = holds(a[i], b[i]) ? 1 : 0;
  } else if (a_step != 0) {
    const T other = n > 0 ? *b : T();
    for (size_t i = 0; i < n; ++i) y[i] = holds(a[i], other) ? 1 : 0;
  } else if (b_step != 0) {
    const T one = n > 0 ? *a : T();
    for (size_t i = 0; i < n; ++i) y[i] = holds(one, b[i]) ? 1 : 0;
  } else {
    for (size_t i = 0; i < n; ++i) y[i] = holds(*a, *b) ? 1 : 0;
  }
}

// Compared as float when T is a 16-bit type.
template <typename T>
void CompareRowRef(CompareOp op, const T* a, int64_t a_step, const T* b,
                   int64_t b_step, size_t n, uint8_t* y) {
  const auto run = [&](auto holds) {
    CompareLoop(a, a_step, b, b_step, n, y, holds);
  };
  switch (op) {
    case CompareOp::kEqual:
      return run([](const T& p, const T& q) { return p == q; });
    case CompareOp::kLess:
      return run([](const T& p, const T& q) { return p < q; });
    case CompareOp::kLessOrEqual:
      return run([](const T& p, const T& q) { return p <= q; });
    case CompareOp::kGreater:
      return run([](const T& p, const T& q) { return p > q; });
    case CompareOp::kGreaterOrEqual:
      return run([](const T& p, const T& q) { return p >= q; });
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BINARY_BINARY_REF_H_
