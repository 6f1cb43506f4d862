// Kernels of detectors.
#ifndef HONE_KERNELS_EXEC_OPS_DETECTION_DETECTION_H_
#define HONE_KERNELS_EXEC_OPS_DETECTION_DETECTION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeNonMaxSuppression(
    const KernelSpec& spec);
// RoiAlign, MaxRoiPool: every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeRoiAlign(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeMaxRoiPool(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_DETECTION_DETECTION_H_
