// Kernels of signal processing, in float64.
#ifndef HONE_KERNELS_EXEC_OPS_SIGNAL_SIGNAL_H_
#define HONE_KERNELS_EXEC_OPS_SIGNAL_SIGNAL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeDft(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeStft(const KernelSpec& spec);
// HannWindow, HammingWindow, BlackmanWindow.
absl::StatusOr<std::unique_ptr<Kernel>> MakeWindow(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeMelWeightMatrix(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SIGNAL_SIGNAL_H_
