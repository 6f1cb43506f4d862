// Which kernel computes which operator: one explicit table, one line an
// operator, so that nothing depends on what happens to be linked in.
#ifndef HONE_KERNELS_EXEC_OPS_REGISTRY_H_
#define HONE_KERNELS_EXEC_OPS_REGISTRY_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Null when no kernel computes the operator.
const KernelRegistration* FindKernel(absl::string_view domain,
                                     absl::string_view op_type);

// True when the operator's definition is all that there is, one element after
// the other, most often in float64; false when a kernel was made to be fast.
bool IsDefinition(const KernelRegistration& line);

// Every line, for `doctor` and tests.
absl::Span<const KernelRegistration> AllKernels();

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_REGISTRY_H_
