// Kernels of operators that only move elements. All take every type of whole
// bytes.
#ifndef HONE_KERNELS_EXEC_OPS_MOVE_MOVE_H_
#define HONE_KERNELS_EXEC_OPS_MOVE_MOVE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeTranspose(const KernelSpec& spec);
// DepthToSpace, SpaceToDepth.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDepthToSpace(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeSpaceToDepth(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeExpand(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeSlice(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeConcat(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeSplit(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakePad(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeTile(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MOVE_MOVE_H_
