// Checks between what shape inference allocated and what a kernel will write.
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_SHAPES_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_SHAPES_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/kernel.h"

namespace hone {

// InvalidArgument, naming the node, unless the extents are equal.
absl::Status ExpectDims(absl::string_view label, absl::string_view what,
                        absl::Span<const int64_t> expected,
                        absl::Span<const int64_t> found);
// InvalidArgument unless `dims` broadcast to `target`.
absl::Status ExpectBroadcast(absl::string_view label,
                             absl::Span<const int64_t> dims,
                             absl::Span<const int64_t> target);
// InvalidArgument unless value == expected.
absl::Status ExpectEqual(absl::string_view label, absl::string_view what,
                         int64_t expected, int64_t found);
// InvalidArgument unless the context has the first `count` inputs and at least
// one output.
absl::Status ExpectInputs(absl::string_view label, const KernelContext& context,
                          size_t count);

// Product of dims[begin, end).
int64_t Product(absl::Span<const int64_t> dims, size_t begin, size_t end);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_SHAPES_H_
