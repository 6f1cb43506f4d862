// TypeProto, to and from a Type.
//
// A negative dim_value reads as an unknown extent (old exporters write -1). A
// type that Type cannot express (an unknown element type, opaque, two kinds at
// once) becomes kOpaque and is written back as it was.
#ifndef HONE_IR_ONNX_TYPE_PROTO_H_
#define HONE_IR_ONNX_TYPE_PROTO_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/onnx/wire.h"
#include "ir/type/type.h"

namespace hone {

// InvalidArgument: malformed, more than 100 types in each other, or more than
// 64 extents.
absl::StatusOr<Type> ReadTypeProto(absl::string_view message);

void WriteTypeProto(const Type& type, WireWriter* out);

}  // namespace hone

#endif  // HONE_IR_ONNX_TYPE_PROTO_H_
