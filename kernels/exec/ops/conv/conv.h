// Conv, and the forms of it that fusions leave behind:
//
//   Conv                     X, W, B?             float32 and float64
//   hone.internal FusedConv  X, W, B?, residual?  float32
//   com.microsoft FusedConv  the same
//
//   Y = activation(Conv(X, W) + B + residual)
//
// Attributes are ONNX Conv's; the fused forms add `activation` and
// `activation_params` (ops/activation). The residual has exactly Y's extents.
// One to three spatial axes. A constant W is packed when the plan is compiled,
// once for all plans that share a PackedCache.
#ifndef HONE_KERNELS_EXEC_OPS_CONV_CONV_H_
#define HONE_KERNELS_EXEC_OPS_CONV_CONV_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeConv(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_CONV_CONV_H_
