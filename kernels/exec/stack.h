// Tensors along a new axis, and one place along an axis: what loops collect
// and hand out.
#ifndef HONE_KERNELS_EXEC_STACK_H_
#define HONE_KERNELS_EXEC_STACK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

// The parts side by side along a new axis `axis` (negative: from the end).
// Without parts: an empty tensor of `part_type`, unknown extents being 0.
// InvalidArgument: parts of unequal type or extents, or no such axis.
// Unimplemented: strings and elements of less than a byte.
absl::StatusOr<Tensor> Stack(const std::vector<Tensor>& parts, int64_t axis,
                             const Type& part_type);

// x[..., index, ...] along `axis`, which goes away. Errors as above.
absl::StatusOr<Tensor> SliceAt(const Tensor& x, int64_t axis, int64_t index);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_STACK_H_
