// Elementwise functions of one and of two float32 arrays, and copies between
// strided arrays.
//
//   Unary(context, UnaryFunction::kGelu, 0, 0, x, n, y);
//
// Formulas and names are those of kernels/cpu/unary and kernels/cpu/binary.
// Error: a few units in the last place, as OpenCL C grants its functions
// (erf and pow: 16). Everywhere fewer than 2^31 elements.
#ifndef HONE_KERNELS_OPENCL_ELEMENTWISE_ELEMENTWISE_H_
#define HONE_KERNELS_OPENCL_ELEMENTWISE_ELEMENTWISE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

enum class UnaryFunction : uint8_t {
  kAbs,
  kNeg,
  kReciprocal,
  kSqrt,
  kExp,
  kLog,
  kRelu,
  kClip,         // min(max(x, p), q)
  kLeakyRelu,    // x < 0 ? p x : x
  kElu,          // x < 0 ? p (e^x - 1) : x
  kHardSigmoid,  // max(0, min(1, p x + q))
  kHardSwish,
  kSigmoid,
  kSwish,  // x / (1 + e^(-p x))
  kTanh,
  kSoftplus,
  kErf,
  kGelu,
  kGeluTanh,
};

// y = f(x), n elements; y may be x.
absl::Status Unary(Context& context, UnaryFunction function, float p, float q,
                   const BufferPtr& x, int64_t n, const BufferPtr& y);

enum class BinaryFunction : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kPow,
  kPRelu,
  kMin,
  kMax,
};

// A nest of loops over two or three arrays; strides in elements.
struct Nest {
  int loops = 0;  // at most 8
  Int8 extents{};
  Int8 first{};   // strides of the first array
  Int8 second{};  // strides of the second
  Int8 third{};   // strides of the third
  int64_t size() const;
};

// y = f(a, b) over the nest's elements in order; y is dense.
absl::Status Binary(Context& context, BinaryFunction function, const Nest& nest,
                    const BufferPtr& a, const BufferPtr& b, const BufferPtr& y);

// y = condition ? a : b over the nest's elements in order; a condition is a
// byte, false where it is 0. Strides of condition, a and b in this order; y is
// dense.
absl::Status Select(Context& context, const Nest& nest,
                    const BufferPtr& condition, const BufferPtr& a,
                    const BufferPtr& b, const BufferPtr& y);

// y[y_start + ...second] = x[x_start + ...first], elements of 4 bytes. No two
// places of y are one.
absl::Status Copy(Context& context, const Nest& nest, const BufferPtr& x,
                  int64_t x_start, const BufferPtr& y, int64_t y_start);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_ELEMENTWISE_ELEMENTWISE_H_
