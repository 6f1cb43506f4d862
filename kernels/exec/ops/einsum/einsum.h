// Kernel of Einsum: every number type.
#ifndef HONE_KERNELS_EXEC_OPS_EINSUM_EINSUM_H_
#define HONE_KERNELS_EXEC_OPS_EINSUM_EINSUM_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeEinsum(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_EINSUM_EINSUM_H_
