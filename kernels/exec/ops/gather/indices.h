// Index tensors, checked.
#ifndef HONE_KERNELS_EXEC_OPS_GATHER_INDICES_H_
#define HONE_KERNELS_EXEC_OPS_GATHER_INDICES_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/kernel.h"

namespace hone {

// The elements of an int32 or int64 tensor.
absl::StatusOr<std::vector<int64_t>> IndexElements(absl::string_view label,
                                                   const TensorView& indices);

// Adds `extent` to negative ones. InvalidArgument: outside [-extent, extent).
absl::Status WrapIndices(absl::string_view label, int64_t extent,
                         absl::Span<int64_t> indices);

// Offsets of the slices that rows of an index tensor [rows, depth] name in an
// array of extents `dims`: sum of index[k] * strides[k], k < depth.
absl::StatusOr<std::vector<int64_t>> SliceOffsets(
    absl::string_view label, const TensorView& indices,
    absl::Span<const int64_t> dims, absl::Span<const int64_t> strides);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_GATHER_INDICES_H_
