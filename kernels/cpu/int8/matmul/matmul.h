// Products of 8-bit matrices less their zero points, exact on every
// instruction set.
//
//   acc[r, c] = sum over k of (a[r, k] - za[r]) * (b[k, c] - zb[c])
//                                                    (int32, wraps around)
//   y[r, c]   = epilogue(acc[r, c])                  (../gemm/epilogue.h)
//
// a and b are int8 or uint8, row-major. What multiplies is uint8 by int8, so
// int8 a and uint8 b move by 128, their zero points with them. Expanded, the
// sum is that of the plain products and
//
//   - za[r] * sum_k b - zb[c] * sum_k a + depth * za[r] * zb[c]:
//
// a bias and at most two outer products.
#ifndef HONE_KERNELS_CPU_INT8_MATMUL_MATMUL_H_
#define HONE_KERNELS_CPU_INT8_MATMUL_MATMUL_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// One for all, or one each; 0 when there are none. Within the range of the
// numbers they belong to.
struct ZeroPoints {
  const int32_t* values = nullptr;
  int64_t count = 0;

  int32_t operator[](int64_t i) const {
    return count == 0 ? 0 : values[count == 1 ? 0 : i];
  }
};

struct Int8MatMulProblem {
  int64_t rows = 0, depth = 0, columns = 0;
  const void* a = nullptr;
  bool a_signed = false;
  ZeroPoints a_zero;  // of rows
  // Of b, or of b less 128 where it is uint8: one group and tap, its depth
  // rounded up to a multiple of 4.
  const PackedInt8* b = nullptr;
  bool b_signed = false;
  ZeroPoints b_zero;  // of columns
  // Without bias; its other arrays are padded (PaddedInt8Columns).
  Int8Epilogue epilogue;
  void* y = nullptr;  // [rows, columns], as the epilogue says; no overlap
};

size_t Int8MatMulScratchBytes(int64_t rows, int64_t depth, int64_t columns,
                              int threads);

// `scratch` is 64-byte aligned.
void Int8MatMul(const Int8MatMulProblem& problem, std::byte* scratch,
                ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_MATMUL_MATMUL_H_
