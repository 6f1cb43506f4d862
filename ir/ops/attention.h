// Shape inference and multiply-accumulates of Attention (opset 23).
#ifndef HONE_IR_OPS_ATTENTION_H_
#define HONE_IR_OPS_ATTENTION_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/ops/op_info.h"
#include "ir/type/type.h"

namespace hone {

// q [b, heads, seq, size] or [b, seq, heads * size], k and v alike; y as q,
// with v's size; present key and value [b, kv_heads, past + seq, size]; qk [b,
// heads, seq, past + kv_seq].
absl::Status InferAttention(const InferInput& in, InferOutput* out);

// Both products: q k^T and its result times v.
std::optional<int64_t> AttentionMacs(const InferInput& in,
                                     absl::Span<const Type> outputs);

}  // namespace hone

#endif  // HONE_IR_OPS_ATTENTION_H_
