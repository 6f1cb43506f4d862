// Kernels of elementwise operators of several inputs, with broadcasting.
#ifndef HONE_KERNELS_EXEC_OPS_BINARY_BINARY_H_
#define HONE_KERNELS_EXEC_OPS_BINARY_BINARY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Add, Sub, Mul, Div, Pow, Mod, PRelu: every number type (Pow: the exponent's
// type may differ); BitShift, BitwiseAnd, BitwiseOr, BitwiseXor: integers; And,
// Or, Xor: bool.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBinary(const KernelSpec& spec);

// Equal, Less, LessOrEqual, Greater, GreaterOrEqual: every number type and
// bool.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCompare(const KernelSpec& spec);

// Max, Min, Sum, Mean of any number of inputs: every number type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeVariadic(const KernelSpec& spec);

// Where: every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeWhere(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_BINARY_BINARY_H_
