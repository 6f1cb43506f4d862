// float16 and bfloat16 for a kernel that has only float32: inputs are widened,
// the kernel runs, and its outputs are rounded once.
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_WIDENED_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_WIDENED_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// True when an input is float16 or bfloat16.
bool HasHalfInput(const KernelSpec& spec);

// The kernel that `make` gives for float32 in the place of both types. Errors
// are those of `make`. Kernels that allocate outputs or want values are
// Unimplemented.
absl::StatusOr<std::unique_ptr<Kernel>> MakeWidened(const KernelSpec& spec,
                                                    KernelFactory make);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_WIDENED_H_
