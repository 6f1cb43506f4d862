// Kernels of the optimizers of ai.onnx.preview.training: every floating type,
// in float64.
#ifndef HONE_KERNELS_EXEC_OPS_TRAINING_TRAINING_H_
#define HONE_KERNELS_EXEC_OPS_TRAINING_TRAINING_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Adam, Adagrad, Momentum.
absl::StatusOr<std::unique_ptr<Kernel>> MakeOptimizer(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_TRAINING_TRAINING_H_
