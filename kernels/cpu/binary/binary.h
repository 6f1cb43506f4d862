// Elementwise functions of two float arrays, one row at a time.
//
//   BinaryRow(BinaryOp::kMul, x, 1, &factor, 0, n, y);  // y = x * factor
//
// A LoopNest over BroadcastStrides turns rows into ONNX's multidirectional
// broadcasting.
#ifndef HONE_KERNELS_CPU_BINARY_BINARY_H_
#define HONE_KERNELS_CPU_BINARY_BINARY_H_

#include <cstddef>
#include <cstdint>

namespace hone {

enum class BinaryOp : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,    // integers truncate; an integer divided by zero gives zero
  kMin,    // NaN when either is
  kMax,    // NaN when either is
  kPow,    // a^b (floats: see below); integers: exact modulo 2^bits, 0 for a
           // negative b (1, -1 keep)
  kMod,    // sign of b, as Python's %; an integer modulo zero gives zero
  kFmod,   // sign of a, as C's fmod
  kPRelu,  // a < 0 ? b a : a
  // Integers and booleans only:
  kAnd,
  kOr,
  kXor,
  kShiftLeft,   // 0 for a b that is negative or reaches the width
  kShiftRight,  // keeps the sign; all sign bits for such a b
};

enum class CompareOp : uint8_t {
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

// y[i] = op(a[i a_step], b[i b_step]) for i < n. Steps are 0 or 1. y may be a
// (a_step 1) or b (b_step 1); otherwise no overlap.
//
// kPow of floats: a standing b of 2, 3, 4, 1, -1, 1/2 or -1/2 takes a few
// rounded operations, up to 1.5 units in the last place off; every other b goes
// through float64 and is rounded once, at most 0.51 units off. Zeros, negative
// bases, infinities, NaN and results that are not normal are std::pow's.
void BinaryRow(BinaryOp op, const float* a, int64_t a_step, const float* b,
               int64_t b_step, size_t n, float* y);

// y[i] = 1 where the relation holds, else 0 (also for NaN).
void CompareRow(CompareOp op, const float* a, int64_t a_step, const float* b,
                int64_t b_step, size_t n, uint8_t* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BINARY_BINARY_H_
