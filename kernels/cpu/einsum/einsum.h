// Einstein's summation: products of arrays summed over the labels that the
// result lacks.
//
//   Einsum<float>(pool, {{"ij", {2, 3}, a}, {"jk", {3, 4}, b}}, "ik");
//
// Operands are joined from left to right; two are one batch of matrix products,
// of float32 by gemm.h, whose error it has.
#ifndef HONE_KERNELS_CPU_EINSUM_EINSUM_H_
#define HONE_KERNELS_CPU_EINSUM_EINSUM_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "kernels/threads/thread_pool.h"

namespace hone {

template <typename T>
struct EinsumOperand {
  // A character an axis; one that comes twice is a diagonal. Extents of one
  // label are equal, or 1, which repeats.
  std::string labels;
  std::vector<int64_t> dims;
  const T* data = nullptr;
};

// Row-major, in the order of `result`, each of whose labels some operand has.
// T: float, double, int64_t (which wraps).
template <typename T>
std::vector<T> Einsum(ThreadPool& pool,
                      const std::vector<EinsumOperand<T>>& operands,
                      const std::string& result);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_EINSUM_EINSUM_H_
