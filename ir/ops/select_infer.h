// Shape inference of operators that pick, place or join elements.
#ifndef HONE_IR_OPS_SELECT_INFER_H_
#define HONE_IR_OPS_SELECT_INFER_H_

#include "absl/status/status.h"
#include "ir/ops/op_info.h"

namespace hone {

absl::Status InferConcat(const InferInput& in, InferOutput* out);
absl::Status InferSplit(const InferInput& in, InferOutput* out);
absl::Status InferSlice(const InferInput& in, InferOutput* out);
absl::Status InferPad(const InferInput& in, InferOutput* out);
absl::Status InferGather(const InferInput& in, InferOutput* out);
absl::Status InferGatherElements(const InferInput& in, InferOutput* out);
absl::Status InferGatherND(const InferInput& in, InferOutput* out);
absl::Status InferCompress(const InferInput& in, InferOutput* out);
absl::Status InferCenterCropPad(const InferInput& in, InferOutput* out);

}  // namespace hone

#endif  // HONE_IR_OPS_SELECT_INFER_H_
