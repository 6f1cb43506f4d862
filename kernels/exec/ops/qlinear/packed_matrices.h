// A constant of matrices of bytes, each packed for int8 products.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_PACKED_MATRICES_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_PACKED_MATRICES_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "ir/tensor/tensor.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/exec/packed_cache.h"

namespace hone {

struct PackedMatrices {
  std::vector<PackedInt8> matrices;

  size_t bytes() const {
    size_t sum = 0;
    for (const PackedInt8& matrix : matrices) sum += matrix.bytes();
    return sum;
  }
};

// b: int8 or uint8, [..., depth, columns], or [depth] of one column; not empty.
// uint8 is packed less 128. `cache` may be null.
std::shared_ptr<const PackedMatrices> PackMatrices(PackedCache* cache,
                                                   const Tensor& b);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_PACKED_MATRICES_H_
