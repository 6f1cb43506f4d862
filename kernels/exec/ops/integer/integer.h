// Kernels of quantized operators on their integers; the fusion "integer"
// (kernels/exec/fusion/integer.h) makes their nodes, in the domain
// hone.internal. Images are channels last: [n, spatial..., c].
//
//   QuantizedConv, QuantizedGemm, QuantizedMatMul
//       x, x_scale, x_zero, w, w_scale, w_zero, y_scale?, y_zero?, bias?
//       acc = sum (x - zx) * (w - zw) + bias, in int32
//       y = clamp(round_half_even(float(acc) * float(sx * sw[c] / sy)) + zy,
//                 low, high), or without y_scale, in float32,
//       y = clamp(float(acc) * float(sx * sw[c]), float_low, float_high)
//   QuantizedAdd, QuantizedMul
//       a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero
//       QuantizeLinear(DequantizeLinear(a) + DequantizeLinear(b)), in [low,
//       high]; broadcasts
//   QuantizedTable          x, table[256]: y = table[x], for int8 table[x+128]
//   QuantizedMaxPool        x
//   QuantizedAveragePool    x, x_scale, x_zero, y_scale, y_zero
//       acc = sum (x - zx) over the window's n elements, in int32
//       y = clamp(round_half_even(float(acc) * float(sx / (n * sy))) + zy)
//   QuantizedConcat         (x_i, table_i?)...: along `axis`
//
// x, w and y are uint8 or int8. Attributes are those of ONNX's operator; `low`,
// `high` (integers) or `float_low`, `float_high` clamp y. With `definition` 1,
// or in a reference plan, the definition (x_ref.h) runs: the simulation that
// the kernels must equal bit for bit.
#ifndef HONE_KERNELS_EXEC_OPS_INTEGER_INTEGER_H_
#define HONE_KERNELS_EXEC_OPS_INTEGER_INTEGER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedConv(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedGemm(
    const KernelSpec& spec);  // and QuantizedMatMul
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedBinary(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedTable(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedPool(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedConcat(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_INTEGER_INTEGER_H_
