// TensorProto, to and from an Initializer: a Tensor with its name.
//
// Reading. raw_data and a single packed float_data or double_data become a view
// of the message; other typed data is decoded into a tensor of its own
// (int32_data carries every integer of up to 32 bits, bool, float16, bfloat16
// and the 8-bit floats one element a number, the 4-bit and 2-bit types one
// packed byte a number; complex numbers are pairs in float_data or
// double_data); external data becomes a view of the mapped data file. Storage
// is never allocated before the data for it has been seen.
//
// Writing. raw_data always (string_data for strings), borrowed from the tensor;
// or external data.
#ifndef HONE_IR_ONNX_TENSOR_PROTO_H_
#define HONE_IR_ONNX_TENSOR_PROTO_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/onnx/external_data.h"
#include "ir/onnx/wire.h"

namespace hone {

// What reading a message needs beside its bytes.
struct ReadContext {
  std::shared_ptr<const void> owner;  // keeps the message's bytes
  ExternalDataReader external;
};

// InvalidArgument: an unknown element type, a negative extent, extents whose
// product overflows, data of another size than the extents need, data in two
// places, more than 64 extents. The error names the tensor. A message without
// type, extents and data is an undefined tensor.
absl::StatusOr<Initializer> ReadTensorProto(absl::string_view message,
                                            ReadContext* context);

// `external` may be null. The tensor must outlive *out.
void WriteTensorProto(const Initializer& tensor, ExternalDataLayout* external,
                      WireWriter* out);

}  // namespace hone

#endif  // HONE_IR_ONNX_TENSOR_PROTO_H_
