// Kernels of attention and what belongs to it.
#ifndef HONE_KERNELS_EXEC_OPS_ATTENTION_ATTENTION_H_
#define HONE_KERNELS_EXEC_OPS_ATTENTION_ATTENTION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Attention of opset 23 to 25: every floating type. float32 runs on GEMM,
// the others in the definition, with every step rounded.
absl::StatusOr<std::unique_ptr<Kernel>> MakeAttention(const KernelSpec& spec);
// RotaryEmbedding, also com.microsoft's: every floating type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeRotaryEmbedding(
    const KernelSpec& spec);
// com.microsoft's MultiHeadAttention and GroupQueryAttention with their caches,
// the latter's also quantized (int8, 4 bits, float8e4m3fn) or sliding:
// float32, float16 and bfloat16.
absl::StatusOr<std::unique_ptr<Kernel>> MakeMultiHeadAttention(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeGroupQueryAttention(
    const KernelSpec& spec);
// LinearAttention: every floating type, in float64.
absl::StatusOr<std::unique_ptr<Kernel>> MakeLinearAttention(
    const KernelSpec& spec);
// CausalConvWithState: every floating type, in float64.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCausalConvWithState(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ATTENTION_ATTENTION_H_
