// Kernels of Softmax, LogSoftmax and Hardmax.
#ifndef HONE_KERNELS_EXEC_OPS_SOFTMAX_SOFTMAX_H_
#define HONE_KERNELS_EXEC_OPS_SOFTMAX_SOFTMAX_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// float32, float64, float16, bfloat16.
absl::StatusOr<std::unique_ptr<Kernel>> MakeSoftmax(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SOFTMAX_SOFTMAX_H_
