// Kernels of operators on integers with scales and zero points beside them, on
// the exact int8 products of kernels/cpu/int8.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_QLINEAR_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_QLINEAR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// MatMulInteger, QLinearMatMul and com.microsoft's MatMulIntegerToFloat: int8
// and uint8. Zero points and scales of one element, or one a row of a, one a
// column of b: of each matrix, or the same for all of them. A constant b is
// packed when the plan is made, another one in each run. QLinearMatMul also
// takes float8, by its definition.
absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerMatMul(
    const KernelSpec& spec);
// ConvInteger, QLinearConv: int8 and uint8; the weight's zero point and scale
// may be by output channel.
absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerConv(const KernelSpec& spec);
}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_QLINEAR_H_
