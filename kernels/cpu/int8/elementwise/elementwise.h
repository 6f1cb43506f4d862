// Sums, products and tables of quantized numbers, one row of elements at a
// time, with the arithmetic of ONNX's DequantizeLinear and QuantizeLinear
// around a float32 operator:
//
//   y = clamp(round_half_even(((a - za) * sa OP (b - zb) * sb) / sy) + zy,
//             low, high)
//
// every operation rounded to float32, the quotient a division. Results are
// equal on every instruction set.
#ifndef HONE_KERNELS_CPU_INT8_ELEMENTWISE_ELEMENTWISE_H_
#define HONE_KERNELS_CPU_INT8_ELEMENTWISE_ELEMENTWISE_H_

#include <cstddef>
#include <cstdint>

namespace hone {

enum class Int8BinaryOp : uint8_t { kAdd, kMul };

struct Int8BinaryParams {
  float a_scale, b_scale, y_scale;
  int32_t a_zero, b_zero, y_zero;
  int32_t low, high;  // of y, within its type
};

// n elements; a_step and b_step are 0 (one element for the row) or 1. y may be
// a or b where the step is 1.
void Int8BinaryRow(Int8BinaryOp op, const Int8BinaryParams& params,
                   const uint8_t* a, int64_t a_step, const uint8_t* b,
                   int64_t b_step, size_t n, uint8_t* y);
void Int8BinaryRow(Int8BinaryOp op, const Int8BinaryParams& params,
                   const int8_t* a, int64_t a_step, const int8_t* b,
                   int64_t b_step, size_t n, int8_t* y);

// y[i] = table[x[i]]; y may be x. table: 256 bytes.
void Int8TableRow(const uint8_t* table, const uint8_t* x, size_t n, uint8_t* y);

// y[i] = max(x[i], y[i]).
void Int8MaxRow(const uint8_t* x, size_t n, uint8_t* y);
void Int8MaxRow(const int8_t* x, size_t n, int8_t* y);

// sum[i] += x[i].
void Int8SumRow(const uint8_t* x, size_t n, int32_t* sum);
void Int8SumRow(const int8_t* x, size_t n, int32_t* sum);

// y[i] = the low byte of clamp(round_half_even(float(sum[i]) * multiplier)
//                              + zero, low, high).
void Int8RequantizeRow(const int32_t* sum, size_t n, float multiplier,
                       int32_t zero, int32_t low, int32_t high, uint8_t* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_ELEMENTWISE_ELEMENTWISE_H_
