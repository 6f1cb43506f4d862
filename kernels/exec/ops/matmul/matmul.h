// MatMul, and the form of it that fusions leave behind:
//
//   MatMul                     A, B                    float32, float64, int32,
//                                                      int64, uint32, uint64
//   hone.internal FusedMatMul  A, B, bias?, residual?  float32
//
//   Y = activation(A * B + bias + residual)
//
// Matrices are the last two axes; the others broadcast. A 1-D A is a row, a 1-D
// B a column, and that axis is absent from Y. The bias is [n], along the last
// axis; the residual has exactly Y's extents. A constant B of one matrix is
// packed when the plan is compiled. Integers wrap around.
#ifndef HONE_KERNELS_EXEC_OPS_MATMUL_MATMUL_H_
#define HONE_KERNELS_EXEC_OPS_MATMUL_MATMUL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMul(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MATMUL_MATMUL_H_
