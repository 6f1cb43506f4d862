// Memory for values: uninitialised, 64-byte aligned, and an error instead of an
// abort when there is none.
#ifndef HONE_KERNELS_EXEC_BUFFER_H_
#define HONE_KERNELS_EXEC_BUFFER_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "ir/tensor/tensor.h"

namespace hone {

// ResourceExhausted: the machine has not that many bytes.
absl::StatusOr<std::shared_ptr<std::byte>> NewBuffer(size_t bytes);

// A tensor that the caller fills through *bytes before it shares it.
// ResourceExhausted as above; InvalidArgument: the extents overflow, or
// strings.
absl::StatusOr<Tensor> NewTensor(DType dtype, const Dims& dims,
                                 std::byte** bytes);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_BUFFER_H_
