// Linear quantization and its inverse, one row of elements at a time.
//
//   QuantizeRow(x, n, {&scale, &zero_point, 0}, y_s8);
//
// Semantics: ONNX QuantizeLinear and DequantizeLinear:
//   q = clamp(round_half_even(x / scale) + zero_point, low, high)
//   x' = (q - zero_point) * scale
// with low and high those of the integer type. The quotient is a float
// division, never a product with an inverse. NaN quantizes to low. Results are
// equal on every instruction set.
#ifndef HONE_KERNELS_CPU_QUANTIZE_QUANTIZE_H_
#define HONE_KERNELS_CPU_QUANTIZE_QUANTIZE_H_

#include <cstddef>
#include <cstdint>

namespace hone {

// Element i uses scale[i * step] and zero_point[i * step]; step is 0 (one for
// the row) or 1 (one per element). Scales are positive and finite.
struct QuantParams {
  const float* scale;
  const int32_t* zero_point;
  int64_t step;
};

// n elements each; no overlap. Zero points lie within the integer type.
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 int8_t* y);
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 uint8_t* y);
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 int16_t* y);
void QuantizeRow(const float* x, size_t n, const QuantParams& params,
                 uint16_t* y);

void DequantizeRow(const int8_t* x, size_t n, const QuantParams& params,
                   float* y);
void DequantizeRow(const uint8_t* x, size_t n, const QuantParams& params,
                   float* y);
void DequantizeRow(const int16_t* x, size_t n, const QuantParams& params,
                   float* y);
void DequantizeRow(const uint16_t* x, size_t n, const QuantParams& params,
                   float* y);
void DequantizeRow(const int32_t* x, size_t n, const QuantParams& params,
                   float* y);

// Dequantize(Quantize(x)) for an integer type of range [low, high], at most 17
// bits wide. y may be x.
void QuantizeDequantizeRow(const float* x, size_t n, const QuantParams& params,
                           int32_t low, int32_t high, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_QUANTIZE_QUANTIZE_H_
