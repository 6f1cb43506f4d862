// Kernels of operators that search, rank or accumulate along an axis.
#ifndef HONE_KERNELS_EXEC_OPS_SELECT_SELECT_H_
#define HONE_KERNELS_EXEC_OPS_SELECT_SELECT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// TopK: every number type. Equal elements keep their order.
absl::StatusOr<std::unique_ptr<Kernel>> MakeTopK(const KernelSpec& spec);
// NonZero: every number type and bool.
absl::StatusOr<std::unique_ptr<Kernel>> MakeNonZero(const KernelSpec& spec);
// Compress: every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCompress(const KernelSpec& spec);
// OneHot: every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeOneHot(const KernelSpec& spec);
// CumSum: every number type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCumSum(const KernelSpec& spec);
// Trilu: every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeTrilu(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SELECT_SELECT_H_
