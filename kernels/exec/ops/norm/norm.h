// Kernels of normalizations: float32; float64, float16 and bfloat16 by way of
// float32.
#ifndef HONE_KERNELS_EXEC_OPS_NORM_NORM_H_
#define HONE_KERNELS_EXEC_OPS_NORM_NORM_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// In inference; training mode is Unimplemented.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBatchNormalization(
    const KernelSpec& spec);
// The part of it that normalizes by the batch's own mean and variance, in
// float64, and gives the running ones.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBatchNormalizationTraining(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeInstanceNormalization(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeGroupNormalization(
    const KernelSpec& spec);
// LayerNormalization, with its optional outputs of mean and inverse deviation,
// and RMSNormalization, which ONNX Runtime calls SimplifiedLayerNormalization.
absl::StatusOr<std::unique_ptr<Kernel>> MakeLayerNormalization(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeLrn(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeLpNormalization(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeMeanVarianceNormalization(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_NORM_NORM_H_
