// The matrices that one MatMul multiplies, found in the extents of its inputs.
#ifndef HONE_KERNELS_EXEC_OPS_MATMUL_MATMUL_GEOMETRY_H_
#define HONE_KERNELS_EXEC_OPS_MATMUL_MATMUL_GEOMETRY_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

// Products of A [m, k] and B [k, n], each row-major and dense.
struct MatMulGeometry {
  int64_t m = 0, n = 0, k = 0;
  // Where each product's matrices begin, in elements; product i's Y begins at
  // i * m * n. When one B serves all, the rows of every A are one product.
  std::vector<int64_t> a, b;
  Dims y;

  int64_t batch() const { return static_cast<int64_t>(a.size()); }

  // InvalidArgument: a scalar, unequal inner extents, or batch axes that do not
  // broadcast.
  static absl::StatusOr<MatMulGeometry> Of(const Node& node,
                                           absl::Span<const int64_t> a,
                                           absl::Span<const int64_t> b);
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MATMUL_MATMUL_GEOMETRY_H_
