// Kernels of elementwise operators of one input.
#ifndef HONE_KERNELS_EXEC_OPS_UNARY_UNARY_H_
#define HONE_KERNELS_EXEC_OPS_UNARY_UNARY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Every operator of kernels/cpu/unary but Clip: float32, float64, float16,
// bfloat16; Abs, Neg, Sign and Relu also integers. Also Silu, x / (1 + e^-x),
// of the internal domain.
absl::StatusOr<std::unique_ptr<Kernel>> MakeUnary(const KernelSpec& spec);

// Clip: every number type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeClip(const KernelSpec& spec);

// Not (bool), BitwiseNot (integers), IsNaN, IsInf (floats).
absl::StatusOr<std::unique_ptr<Kernel>> MakePredicate(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_UNARY_UNARY_H_
