// The definition of matmul.h, one sum after the other.
#ifndef HONE_KERNELS_CPU_INT8_MATMUL_MATMUL_REF_H_
#define HONE_KERNELS_CPU_INT8_MATMUL_MATMUL_REF_H_

#include <cstdint>

namespace hone {

// za(r) and zb(c) are int32_t of a row and of a column; y [rows, columns].
template <typename A, typename B, typename ZeroA, typename ZeroB>
void Int8MatMulRef(int64_t rows, int64_t depth, int64_t columns, const A* a,
                   const ZeroA& za, const B* b, const ZeroB& zb, int32_t* y) {
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      int64_t sum = 0;
      for (int64_t k = 0; k < depth; ++k) {
        sum += (int64_t{a[r * depth + k]} - za(r)) *
               (int64_t{b[k * columns + c]} - zb(c));
      }
      y[r * columns + c] = static_cast<int32_t>(sum);
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_MATMUL_MATMUL_REF_H_
