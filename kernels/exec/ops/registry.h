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

// Every line, for `doctor` and tests.
absl::Span<const KernelRegistration> AllKernels();

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_REGISTRY_H_
