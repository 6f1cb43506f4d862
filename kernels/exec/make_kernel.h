// The kernel for a node, from the table of kernels.
#ifndef HONE_KERNELS_EXEC_MAKE_KERNEL_H_
#define HONE_KERNELS_EXEC_MAKE_KERNEL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Unimplemented: no kernel computes the operator; names node, domain, operator
// and opset, and the nearest known operator. InvalidArgument: fewer or more
// inputs, outputs than the operator has.
absl::StatusOr<std::unique_ptr<Kernel>> MakeKernel(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_MAKE_KERNEL_H_
