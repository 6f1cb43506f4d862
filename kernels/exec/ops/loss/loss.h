// Kernels of losses.
#ifndef HONE_KERNELS_EXEC_OPS_LOSS_LOSS_H_
#define HONE_KERNELS_EXEC_OPS_LOSS_LOSS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss: every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeLoss(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_LOSS_LOSS_H_
