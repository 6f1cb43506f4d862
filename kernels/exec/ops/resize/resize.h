// Kernels of Resize and Upsample.
#ifndef HONE_KERNELS_EXEC_OPS_RESIZE_RESIZE_H_
#define HONE_KERNELS_EXEC_OPS_RESIZE_RESIZE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Nearest: every type of whole bytes. Linear and cubic: float32; float64,
// float16 and bfloat16 by way of float32.
absl::StatusOr<std::unique_ptr<Kernel>> MakeResize(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_RESIZE_RESIZE_H_
