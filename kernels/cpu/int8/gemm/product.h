// Rows of uint8 times packed int8 weights, requantized on the way out.
//
//   acc[r, c] = bias[c] + sum over taps t, k < depth of
//               rows[t][r][k] * w[c][t][k]
//               + sum over outer products o of o.rows[r] * o.columns[c]
//                                                     (int32, wraps around)
//   y[r, c]   = epilogue(acc[r, c])                   (epilogue.h)
//
// Exact on every instruction set: VNNI's four products at once, maddubs on
// weights that cannot saturate (pack.h), or pairs of int16.
#ifndef HONE_KERNELS_CPU_INT8_GEMM_PRODUCT_H_
#define HONE_KERNELS_CPU_INT8_GEMM_PRODUCT_H_

#include <cstdint>

#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"

namespace hone {

// What a zero point of the weights, or one zero point a row, adds to the sums.
struct Int8Outer {
  const int32_t* rows = nullptr;  // none when null
  // Of all groups, padded as the epilogue's arrays.
  const int32_t* columns = nullptr;
};

struct Int8Product {
  // rows[t * row_stride + r]: weights->depth() readable bytes each. So a
  // convolution's pixels need not be gathered (indirection, as in Dukhan 2019,
  // arXiv:1907.02129).
  const uint8_t* const* rows = nullptr;
  int64_t row_stride = 0;
  int64_t row_count = 0;
  // Of CurrentInt8Layout().
  const PackedInt8* weights = nullptr;
  int64_t group = 0;
  // Vectors of columns to compute: [vector_begin, vector_end).
  int64_t vector_begin = 0;
  int64_t vector_end = 0;
  Int8Epilogue epilogue;  // of all groups
  Int8Outer outer[2];     // rows[0] is row 0's
  // Row 0, column 0 of the group: uint8, int8, float32 or int32. No overlap
  // with x.
  void* y = nullptr;
  int64_t y_stride = 0;  // elements between rows
};

void MultiplyInt8(const Int8Product& product);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_GEMM_PRODUCT_H_
