// C = f(initial + row_bias + A * B), float32, any strides of A and B.
//
//   PackedColumns weights({b, n, 1}, k, n);
//   Gemm(m, {a, k, 1}, 1.0f, weights, epilogue, c, n, scratch, pool);
//
// Every element of C is summed
// over k in one order that depends on k alone, with fused multiply-adds in
// float32, so the result is the same for any number of threads.
#ifndef HONE_KERNELS_CPU_GEMM_GEMM_H_
#define HONE_KERNELS_CPU_GEMM_GEMM_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct GemmEpilogue {
  // [m, n] with this stride between rows; 0: one row for all. Null: zeros. May
  // be C itself.
  const float* initial = nullptr;
  int64_t initial_stride = 0;
  const float* row_bias = nullptr;  // [m]; null: none
  Activation activation;
};

// c: [m, b.columns()], rows c_stride apart; must not overlap a. k = b.depth()
// may be 0. `a_scale` multiplies A, which is packed into `scratch`, at most
// 2 MB at a time (or a panel of rows): GemmScratchBytes(m, k), 64-byte aligned,
// of no other product that runs at the same time.
size_t GemmScratchBytes(int64_t m, int64_t k);
void Gemm(int64_t m, const StridedMatrix& a, float a_scale,
          const PackedColumns& b, const GemmEpilogue& epilogue, float* c,
          int64_t c_stride, std::byte* scratch, ThreadPool& pool);

// The same for a B [k, n] that is not packed yet, into
// GemmColumnsBytes(k, n) bytes of `columns`; A is packed block by block as it
// is used. Several such products may run at once in tasks of one pool: they
// share `scratch`, GemmScratchBytes(threads), not `columns`.
size_t GemmScratchBytes(int threads);
size_t GemmColumnsBytes(int64_t k, int64_t n);
void Gemm(int64_t m, int64_t n, int64_t k, const StridedMatrix& a,
          float a_scale, const StridedMatrix& b, const GemmEpilogue& epilogue,
          float* c, int64_t c_stride, std::byte* scratch, std::byte* columns,
          ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_GEMM_GEMM_H_
