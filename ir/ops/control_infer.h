// Inference of operators with subgraphs, and of sequences and optionals.
#ifndef HONE_IR_OPS_CONTROL_INFER_H_
#define HONE_IR_OPS_CONTROL_INFER_H_

#include "absl/status/status.h"
#include "ir/ops/op_info.h"

namespace hone {

absl::Status InferIf(const InferInput& in, InferOutput* out);
absl::Status InferLoop(const InferInput& in, InferOutput* out);
// From opset 9; before, Scan had a batch axis and its outputs stay kUnknown.
absl::Status InferScan(const InferInput& in, InferOutput* out);

absl::Status InferSequenceConstruct(const InferInput& in, InferOutput* out);
absl::Status InferSequenceEmpty(const InferInput& in, InferOutput* out);
absl::Status InferSequenceInsert(const InferInput& in, InferOutput* out);
// The element of the first input: SequenceAt, OptionalGetElement.
absl::Status InferElement(const InferInput& in, InferOutput* out);
absl::Status InferSequenceLength(const InferInput& in, InferOutput* out);
absl::Status InferSplitToSequence(const InferInput& in, InferOutput* out);
absl::Status InferConcatFromSequence(const InferInput& in, InferOutput* out);
absl::Status InferOptional(const InferInput& in, InferOutput* out);
absl::Status InferOptionalHasElement(const InferInput& in, InferOutput* out);

}  // namespace hone

#endif  // HONE_IR_OPS_CONTROL_INFER_H_
