// Which operators of ONNX's default domain take float16 and bfloat16.
#ifndef HONE_ALGORITHMS_CONVERT_LOW_FLOAT_OPS_H_
#define HONE_ALGORITHMS_CONVERT_LOW_FLOAT_OPS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hone {

struct LowFloatOp {
  absl::string_view op_type;
  // From this opset on its floating-point inputs and its first output may be
  // of that type; 0: never. Opsets before 7 count as 7.
  int float16;
  int bfloat16;
  unsigned float_inputs = 0;  // bit i: input i is float32 all the same
};

// Sorted by op_type. By onnx 1.23.2's schemas. Left out: operators without
// floats, quantization, random numbers, sequences and control flow.
absl::Span<const LowFloatOp> LowFloatOps();

// Null for an operator that the table does not have.
const LowFloatOp* FindLowFloatOp(absl::string_view op_type);

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONVERT_LOW_FLOAT_OPS_H_
