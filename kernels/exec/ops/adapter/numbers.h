// Tensors of any numbers seen as float64, for operators that are rare enough
// to pay for a copy.
//
//   HONE_ASSIGN_OR_RETURN(const std::vector<double> x,
//                         ReadNumbers(label, context.inputs[0]));
//   ...
//   return WriteNumbers(label, y, context.outputs[0]);
//
// 64-bit integers beyond 2^53 lose their last digits.
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_NUMBERS_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_NUMBERS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Empty when the input is absent. Unimplemented: no number nor bool.
absl::StatusOr<std::vector<double>> ReadNumbers(absl::string_view label,
                                                const TensorView& view);

// Rounds to the view's type: floats to nearest even (float16 and bfloat16 by
// way of float32), integers towards zero and saturating, bool is != 0. Nothing
// happens for an output that is left out. InvalidArgument: another number of
// elements. Unimplemented: no number nor bool.
absl::Status WriteNumbers(absl::string_view label,
                          absl::Span<const double> numbers,
                          const MutableTensorView& view);

// The same into a new tensor.
absl::StatusOr<Tensor> TensorOfNumbers(absl::string_view label, DType dtype,
                                       const Dims& dims,
                                       absl::Span<const double> numbers);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_NUMBERS_H_
