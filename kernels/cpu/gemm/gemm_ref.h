// The definition of gemm.h, summed in double and rounded once.
#ifndef HONE_KERNELS_CPU_GEMM_GEMM_REF_H_
#define HONE_KERNELS_CPU_GEMM_GEMM_REF_H_

#include <cstdint>
#include <type_traits>

#include "kernels/cpu/gemm/gemm.h"

namespace hone {

// C = A * B for any arithmetic type; element (i, j) of A at a[i * a_row + j *
// a_column]. Integers wrap around.
template <typename T>
void MatMulRef(int64_t m, int64_t n, int64_t k, const T* a, int64_t a_row,
               int64_t a_column, const T* b, int64_t b_row, int64_t b_column,
               T* c, int64_t c_row) {
  using Sum = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      Sum sum = 0;
      for (int64_t l = 0; l < k; ++l) {
        sum += static_cast<Sum>(a[i * a_row + l * a_column]) *
               static_cast<Sum>(b[l * b_row + j * b_column]);
      }
      c[i * c_row + j] = static_cast<T>(sum);
    }
  }
}

inline void GemmRef(int64_t m, int64_t n, int64_t k, const StridedMatrix& a,
                    float a_scale, const StridedMatrix& b,
                    const GemmEpilogue& epilogue, float* c, int64_t c_stride) {
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (int64_t l = 0; l < k; ++l) {
        sum += static_cast<double>(a.data[i * a.row + l * a.column]) *
               b.data[l * b.row + j * b.column];
      }
      sum *= a_scale;
      if (epilogue.initial != nullptr) {
        sum += epilogue.initial[i * epilogue.initial_stride + j];
      }
      if (epilogue.row_bias != nullptr) sum += epilogue.row_bias[i];
      c[i * c_stride + j] =
          Activate(epilogue.activation, static_cast<float>(sum));
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_GEMM_GEMM_REF_H_
