// Kernels of operators that pick or place elements by index. Indices are int32
// or int64; one out of range is an InvalidArgument.
#ifndef HONE_KERNELS_EXEC_OPS_GATHER_GATHER_H_
#define HONE_KERNELS_EXEC_OPS_GATHER_GATHER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeGather(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeGatherElements(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeGatherND(const KernelSpec& spec);

// Every type of whole bytes; with a reduction every number type. Updates are
// applied in order, in one thread.
absl::StatusOr<std::unique_ptr<Kernel>> MakeScatterElements(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeScatterND(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_GATHER_GATHER_H_
