// Kernels of random numbers. A node without a seed takes one from its name, so
// that the same model gives the same numbers; every run of a node gives the
// same ones.
#ifndef HONE_KERNELS_EXEC_OPS_RANDOM_RANDOM_H_
#define HONE_KERNELS_EXEC_OPS_RANDOM_RANDOM_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// RandomNormal, RandomUniform, RandomNormalLike, RandomUniformLike: every
// floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeRandom(const KernelSpec& spec);
// Bernoulli: every number type and bool.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBernoulli(const KernelSpec& spec);
// Multinomial: int32 and int64 outputs.
absl::StatusOr<std::unique_ptr<Kernel>> MakeMultinomial(const KernelSpec& spec);
// Dropout with a mask or in training: every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDropout(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_RANDOM_RANDOM_H_
