// Kernels of operators that ONNX Runtime's optimizer writes, in float64 where
// no other kernel is at hand. https://github.com/microsoft/onnxruntime,
// docs/ContribOperators.md.
#ifndef HONE_KERNELS_EXEC_OPS_MICROSOFT_MICROSOFT_H_
#define HONE_KERNELS_EXEC_OPS_MICROSOFT_MICROSOFT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// BiasGelu, FastGelu, QuickGelu: every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBiasedGelu(const KernelSpec& spec);
// SkipLayerNormalization, SkipSimplifiedLayerNormalization: every floating
// type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeSkipNormalization(
    const KernelSpec& spec);
// MatMulNBits with weights of 4 or 8 bits in their unpacked order: float32,
// float16 and bfloat16. Constant weights are dequantized once.
absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMulNBits(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MICROSOFT_MICROSOFT_H_
