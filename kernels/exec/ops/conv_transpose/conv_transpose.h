// ConvTranspose, and the form of it that fusions leave behind:
//
//   ConvTranspose                     X, W, B?  float32 and float64
//   hone.internal FusedConvTranspose  X, W, B?  float32
//
//   Y = activation(ConvTranspose(X, W) + B)
//
// One to three spatial axes. A constant W is packed when the plan is compiled.
#ifndef HONE_KERNELS_EXEC_OPS_CONV_TRANSPOSE_CONV_TRANSPOSE_H_
#define HONE_KERNELS_EXEC_OPS_CONV_TRANSPOSE_CONV_TRANSPOSE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeConvTranspose(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_CONV_TRANSPOSE_CONV_TRANSPOSE_H_
