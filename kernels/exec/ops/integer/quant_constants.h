// Scales, zero points, weights and biases of a quantized node, checked.
#ifndef HONE_KERNELS_EXEC_OPS_INTEGER_QUANT_CONSTANTS_H_
#define HONE_KERNELS_EXEC_OPS_INTEGER_QUANT_CONSTANTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Of a tensor with one scale.
struct TensorQuant {
  float scale = 1;
  int32_t zero = 0;
  bool is_signed = false;  // int8, else uint8

  int32_t low() const { return is_signed ? -128 : 0; }
  int32_t high() const { return is_signed ? 127 : 255; }
};

// Inputs `at` (scale) and `at + 1` (zero point). InvalidArgument: no constants
// of one element, float32 and (u)int8.
absl::StatusOr<TensorQuant> ReadTensorQuant(const KernelSpec& spec, size_t at);

// True when the node is to run by its definition.
bool RunsDefinition(const KernelSpec& spec);

// Inputs of QuantizedConv, QuantizedGemm and QuantizedMatMul.
struct ProductInputs {
  static constexpr size_t kX = 0, kXQuant = 1, kW = 3, kWQuant = 4, kYQuant = 6,
                          kBias = 8;
};

// The constants of a product with weights of `columns` output channels along
// their axis `axis`.
struct ProductConstants {
  TensorQuant x;
  std::vector<float> multiplier;  // one a column
  std::vector<int32_t> bias;      // one a column
  // All but its arrays.
  Int8Epilogue epilogue;

  // w - zw, in the order of the weight tensor. InvalidArgument: not constant,
  // not 8 bits wide, or a difference that int8 lacks.
  static absl::StatusOr<std::vector<int8_t>> CenteredWeights(
      const KernelSpec& spec, int axis);
  static absl::StatusOr<ProductConstants> Of(const KernelSpec& spec,
                                             int64_t columns);
};

// x as uint8 and its zero point: int8 moves up by 128, into `copy`.
const uint8_t* AsUint8(const TensorView& x, const TensorQuant& quant,
                       std::byte* copy, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_INTEGER_QUANT_CONSTANTS_H_
