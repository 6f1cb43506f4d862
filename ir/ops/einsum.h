// Shape inference and multiply-accumulates of Einsum.
#ifndef HONE_IR_OPS_EINSUM_H_
#define HONE_IR_OPS_EINSUM_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/ops/op_info.h"
#include "ir/type/type.h"

namespace hone {

// InvalidArgument: an equation that cannot be read, or ranks or extents that
// contradict it.
absl::Status InferEinsum(const InferInput& in, InferOutput* out);

// The product of the extents of all labels, ellipsis included: what one loop
// over the equation multiplies, for two or more inputs.
std::optional<int64_t> EinsumMacs(const InferInput& in,
                                  absl::Span<const Type> outputs);

}  // namespace hone

#endif  // HONE_IR_OPS_EINSUM_H_
