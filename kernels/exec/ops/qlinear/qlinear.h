// Kernels of operators on integers with scales and zero points beside them.
// Scalar: a Q/DQ graph is what runs fast; these are for files that have them.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_QLINEAR_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_QLINEAR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// MatMulInteger, QLinearMatMul and com.microsoft's MatMulIntegerToFloat: int8
// and uint8. Zero points and scales of one element, one a row of a, or one a
// column of b.
absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerMatMul(
    const KernelSpec& spec);
// ConvInteger, QLinearConv: int8 and uint8; the weight's zero point and scale
// may be by output channel.
absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerConv(const KernelSpec& spec);
}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_QLINEAR_H_
