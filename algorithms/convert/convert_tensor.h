// float32 tensors as float16 or bfloat16.
#ifndef HONE_ALGORITHMS_CONVERT_CONVERT_TENSOR_H_
#define HONE_ALGORITHMS_CONVERT_CONVERT_TENSOR_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"

namespace hone {

struct ConvertedTensor {
  Tensor tensor;
  int64_t too_large = 0;  // finite numbers that became the largest one
  int64_t too_small = 0;  // that would be 0 and became the smallest one
};

// Rounds half to even; NaN and infinities stay. Numbers beyond the range are
// clamped to it with their sign, numbers other than 0 never become 0. Requires
// a float32 tensor and kF16 or kBF16. InvalidArgument: too large to allocate.
absl::StatusOr<ConvertedTensor> ConvertTensor(const Tensor& tensor,
                                              DType dtype);

// Whether a finite number of the float32 tensor is beyond the type's range.
bool Overflows(const Tensor& tensor, DType dtype);

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONVERT_CONVERT_TENSOR_H_
