// Kernels of pooling.
#ifndef HONE_KERNELS_EXEC_OPS_POOL_POOL_H_
#define HONE_KERNELS_EXEC_OPS_POOL_POOL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// MaxPool: every number type, with its optional output of indices; AveragePool,
// LpPool, GlobalLpPool: floating types.
absl::StatusOr<std::unique_ptr<Kernel>> MakePool(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_POOL_POOL_H_
