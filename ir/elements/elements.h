// Single elements of tensors of any numeric dtype, for parsing, printing and
// small constants. Slow; kernels convert whole arrays.
#ifndef HONE_IR_ELEMENTS_ELEMENTS_H_
#define HONE_IR_ELEMENTS_ELEMENTS_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"

namespace hone {

// float32, float64, float16, bfloat16: elements are read and written as double.
bool HasRealElements(DType dtype);
// Integers of 2 to 64 bits, and bool: read and written as int64 (uint64 above
// 2^63 - 1 wraps to a negative number).
bool HasIntegerElements(DType dtype);

// Require the predicate above and index < tensor.size(); unaligned bytes are
// fine.
double RealElement(const Tensor& tensor, int64_t index);
int64_t IntegerElement(const Tensor& tensor, int64_t index);

// Writes element `index` of packed `bytes`. Reals round half to even, and
// beyond the largest number to infinity; integers must fit (see IntegerFits).
void SetReal(DType dtype, double value, int64_t index,
             absl::Span<std::byte> bytes);
void SetInteger(DType dtype, int64_t value, int64_t index,
                absl::Span<std::byte> bytes);
bool IntegerFits(DType dtype, int64_t value);

}  // namespace hone

#endif  // HONE_IR_ELEMENTS_ELEMENTS_H_
