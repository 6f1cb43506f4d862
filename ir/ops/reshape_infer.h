// Shape inference of operators that keep the elements and change the extents,
// and of those that read a target shape.
#ifndef HONE_IR_OPS_RESHAPE_INFER_H_
#define HONE_IR_OPS_RESHAPE_INFER_H_

#include <optional>

#include "absl/status/status.h"
#include "ir/ops/op_info.h"
#include "ir/type/type.h"

namespace hone {

// The extents that input `index` (a list of integers) says, as far as it is
// known: its elements, or only their count; nullopt when not even that.
std::optional<Shape> ShapeFromInput(const InferInput& in, size_t index);

absl::Status InferReshape(const InferInput& in, InferOutput* out);
absl::Status InferFlatten(const InferInput& in, InferOutput* out);
absl::Status InferSqueeze(const InferInput& in, InferOutput* out);
absl::Status InferUnsqueeze(const InferInput& in, InferOutput* out);
absl::Status InferTranspose(const InferInput& in, InferOutput* out);
absl::Status InferExpand(const InferInput& in, InferOutput* out);
absl::Status InferTile(const InferInput& in, InferOutput* out);
absl::Status InferDepthToSpace(const InferInput& in, InferOutput* out);
absl::Status InferSpaceToDepth(const InferInput& in, InferOutput* out);

}  // namespace hone

#endif  // HONE_IR_OPS_RESHAPE_INFER_H_
