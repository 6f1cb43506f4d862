// Gemm, and the form of it that fusions leave behind:
//
//   Gemm                     A, B, C?             float32, float64, int32,
//                                                 int64, uint32, uint64
//   hone.internal FusedGemm  A, B, C?, residual?  float32
//
//   Y = activation(alpha * A' * B' + beta * C + residual)
//
// A' [m, k], B' [k, n] are A and B, transposed as transA and transB say. C
// broadcasts to [m, n]; the residual is exactly [m, n]. A constant B is packed
// when the plan is compiled.
//
// Integers: A' * B' wraps around. With alpha 1 and beta 0 or 1 so does the sum;
// else both products and the sum are taken in float64, and what remains is cut
// towards zero and saturates.
#ifndef HONE_KERNELS_EXEC_OPS_GEMM_GEMM_H_
#define HONE_KERNELS_EXEC_OPS_GEMM_GEMM_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeGemm(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_GEMM_GEMM_H_
