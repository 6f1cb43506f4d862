// Runs of a tensor along an axis, cut out and joined; every type but those of
// less than a byte.
#ifndef HONE_KERNELS_EXEC_OPS_SEQUENCE_PIECES_H_
#define HONE_KERNELS_EXEC_OPS_SEQUENCE_PIECES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/tensor/tensor.h"

namespace hone {

// x[..., begin:end, ...] along `axis`. Requires 0 <= axis < rank and 0 <= begin
// <= end <= extent. Unimplemented: elements of less than a byte.
absl::StatusOr<Tensor> CutPiece(const Tensor& x, int64_t axis, int64_t begin,
                                int64_t end);

// The parts one after the other along `axis` (0 <= axis < rank).
// InvalidArgument: no parts, or parts of other types, ranks or extents.
// Unimplemented: elements of less than a byte.
absl::StatusOr<Tensor> JoinPieces(absl::Span<const Tensor> parts, int64_t axis);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SEQUENCE_PIECES_H_
