// The definition of gemm.h, summed in double and rounded once.
#ifndef HONE_KERNELS_CPU_GEMM_GEMM_REF_H_
#define HONE_KERNELS_CPU_GEMM_GEMM_REF_H_

#include <cstdint>

#include "kernels/cpu/gemm/gemm.h"

namespace hone {

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
