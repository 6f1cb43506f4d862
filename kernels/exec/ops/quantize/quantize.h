// Kernels of the operators between floats and quantized integers.
#ifndef HONE_KERNELS_EXEC_OPS_QUANTIZE_QUANTIZE_H_
#define HONE_KERNELS_EXEC_OPS_QUANTIZE_QUANTIZE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// QuantizeLinear: float32, float16, bfloat16 or int32 to (u)int2, 4, 8, 16 and
// the small floats; per tensor, per axis, blocked.
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizeLinear(
    const KernelSpec& spec);

// DequantizeLinear: those and int32 to float32, float16 or bfloat16.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDequantizeLinear(
    const KernelSpec& spec);

// QuantizeDequantize of the internal domain: DequantizeLinear(QuantizeLinear(x,
// scale, zero_point), scale, zero_point), float32 to float32, with the
// attributes of QuantizeLinear. The integer type is the zero point's, else
// output_dtype, else uint8.
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizeDequantize(
    const KernelSpec& spec);

// DynamicQuantizeLinear: float32 to uint8 with the scale of x's own range.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDynamicQuantizeLinear(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QUANTIZE_QUANTIZE_H_
