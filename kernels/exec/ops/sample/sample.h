// Kernels that read images at computed places, or put columns together.
#ifndef HONE_KERNELS_EXEC_OPS_SAMPLE_SAMPLE_H_
#define HONE_KERNELS_EXEC_OPS_SAMPLE_SAMPLE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Every number type, computed in float64.
absl::StatusOr<std::unique_ptr<Kernel>> MakeGridSample(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeAffineGrid(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeCol2Im(const KernelSpec& spec);
// Images of two spatial axes.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDeformConv(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SAMPLE_SAMPLE_H_
