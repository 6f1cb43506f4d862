// Elementwise functions of one float array.
//
//   Unary(UnaryOp::kHardSigmoid, {0.2f, 0.5f}, x, n, y);
//
// Semantics are ONNX's. What an operator calls alpha, gamma, beta, min or max
// is listed with each. NaN in gives NaN out, except Sign (0).
#ifndef HONE_KERNELS_CPU_UNARY_UNARY_H_
#define HONE_KERNELS_CPU_UNARY_UNARY_H_

#include <cstddef>
#include <cstdint>

namespace hone {

enum class UnaryOp : uint8_t {
  kAbs,
  kNeg,
  kSign,
  kFloor,
  kCeil,
  kRound,       // half to even
  kReciprocal,  // 1 / x
  kSqrt,
  kExp,
  kLog,
  kRelu,             // x < 0 ? 0 : x
  kClip,             // min(max(x, a), b)
  kLeakyRelu,        // x < 0 ? a x : x
  kThresholdedRelu,  // x > a ? x : 0
  kElu,              // x < 0 ? a (e^x - 1) : x
  kCelu,             // max(0, x) + min(0, a (e^(x/a) - 1))
  kSelu,             // x > 0 ? b x : b a (e^x - 1)
  kHardSigmoid,      // max(0, min(1, a x + b))
  kHardSwish,        // x max(0, min(1, x/6 + 1/2))
  kSigmoid,          // 1 / (1 + e^-x)
  kSwish,            // x / (1 + e^(-a x))
  kTanh,
  kSoftplus,  // log(1 + e^x)
  kSoftsign,  // x / (1 + |x|)
  kMish,      // x tanh(softplus(x))
  kErf,
  kGelu,      // x/2 (1 + erf(x / sqrt 2))
  kGeluTanh,  // x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
  kShrink,    // x < -a ? x + b : x > a ? x - b : 0
  kSin,
  kCos,
  kTan,
  kAsin,
  kAcos,
  kAtan,
  kSinh,
  kCosh,
  kAsinh,
  kAcosh,
  kAtanh,
};

struct UnaryParams {
  float a = 0;
  float b = 0;
};

// y[i] = op(x[i]) for i < n. y may be x; otherwise no overlap. Arithmetic
// operators (no e^x, log, erf, trigonometry) are exact or correctly rounded
// step by step; the others err by at most 4 units in the last place of the
// larger of the result and, for Erf, Gelu, Mish, Elu and kin, of 1 (absolute
// error where the result vanishes).
void Unary(UnaryOp op, const UnaryParams& params, const float* x, size_t n,
           float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_UNARY_UNARY_H_
