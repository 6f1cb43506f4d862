// Functions over float64 applied to tensors of types that float64 is not.
#ifndef HONE_KERNELS_EXEC_OPS_SAMPLE_ANY_ELEMENTS_H_
#define HONE_KERNELS_EXEC_OPS_SAMPLE_ANY_ELEMENTS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Fills y, which has the elements of the kernel's output 0, from those of its
// input 0.
using ElementFunction = absl::FunctionRef<void(const double* x, double* y)>;

bool IsComplex(DType dtype);

// f is linear: real and imaginary parts each have it applied. Unimplemented:
// strings.
absl::Status MapNumbers(const std::string& label, const KernelContext& context,
                        ElementFunction f);

// f only moves: each element of y is one of x, or the zero that x lacks. Exact
// for every type of whole bytes and for strings, whose zero is empty and whose
// kernel must want values and allocate its outputs.
absl::Status MapPositions(const Node& node, const std::string& label,
                          const KernelContext& context, ElementFunction f);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SAMPLE_ANY_ELEMENTS_H_
