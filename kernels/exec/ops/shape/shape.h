// Kernels of operators that make tensors out of extents and small numbers.
#ifndef HONE_KERNELS_EXEC_OPS_SHAPE_SHAPE_H_
#define HONE_KERNELS_EXEC_OPS_SHAPE_SHAPE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Any element type in, int64 out.
absl::StatusOr<std::unique_ptr<Kernel>> MakeShape(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeSize(const KernelSpec& spec);

// Every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeConstantOfShape(
    const KernelSpec& spec);
// Every number type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeRange(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeEyeLike(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SHAPE_SHAPE_H_
