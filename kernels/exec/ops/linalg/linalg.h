// Kernels of small linear algebra and of products along an axis.
#ifndef HONE_KERNELS_EXEC_OPS_LINALG_LINALG_H_
#define HONE_KERNELS_EXEC_OPS_LINALG_LINALG_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Det: every floating type, by elimination with row pivots in float64.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDet(const KernelSpec& spec);
// CumProd: every number type; integers wrap.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCumProd(const KernelSpec& spec);
// SwiGLU, a / (1 + e^(-alpha a)) * b: every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeSwiGlu(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_LINALG_LINALG_H_
