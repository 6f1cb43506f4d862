// Kernels that arrange whole elements anew.
#ifndef HONE_KERNELS_EXEC_OPS_ARRANGE_ARRANGE_H_
#define HONE_KERNELS_EXEC_OPS_ARRANGE_ARRANGE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Every type of whole bytes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeReverseSequence(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeCenterCropPad(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeTensorScatter(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeMaxUnpool(const KernelSpec& spec);
// BitCast: types of as many bits.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBitCast(const KernelSpec& spec);
// Unique: every number type, bool and strings.
absl::StatusOr<std::unique_ptr<Kernel>> MakeUnique(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ARRANGE_ARRANGE_H_
