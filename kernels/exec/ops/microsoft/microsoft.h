// Kernels of operators that ONNX Runtime's optimizer writes.
// https://github.com/microsoft/onnxruntime, docs/ContribOperators.md. Most of
// its operators are expanded to others instead: kernels/exec/expand.
#ifndef HONE_KERNELS_EXEC_OPS_MICROSOFT_MICROSOFT_H_
#define HONE_KERNELS_EXEC_OPS_MICROSOFT_MICROSOFT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// BiasGelu, FastGelu, QuickGelu: every floating type, in float32.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBiasedGelu(const KernelSpec& spec);
// SkipLayerNormalization, SkipSimplifiedLayerNormalization: every floating
// type, in float32.
absl::StatusOr<std::unique_ptr<Kernel>> MakeSkipNormalization(
    const KernelSpec& spec);
// MatMulNBits with weights of 2, 4 or 8 bits in their unpacked order, and
// MatMulBnb4 (NF4, FP4): float32, float16 and bfloat16. Constant weights are
// dequantized and packed once.
absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMulNBits(const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMulBnb4(const KernelSpec& spec);
// GatherBlockQuantized: int4, uint4, and bytes of 2, 4 or 8 bits an element, to
// every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeGatherBlockQuantized(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MICROSOFT_MICROSOFT_H_
