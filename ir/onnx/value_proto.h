// Values in files of their own: TensorProto, SequenceProto, MapProto and
// OptionalProto, as ONNX's backend tests keep inputs and outputs (input_0.pb).
//
//   HONE_ASSIGN_OR_RETURN(
//       NamedValue input,
//       ReadValueFile("input_0.pb", ValueKindOf(graph.inputs[0].type)));
//
// The file does not say which of the four it is: the graph's input does.
#ifndef HONE_IR_ONNX_VALUE_PROTO_H_
#define HONE_IR_ONNX_VALUE_PROTO_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"

namespace hone {

enum class ValueKind { kTensor, kSequence, kOptional, kMap };

// kTensor for an unknown type.
ValueKind ValueKindOf(const Type& type);

struct NamedValue {
  std::string name;  // often empty
  Value value;
};

// Tensors view `bytes`, which `owner` keeps alive (null: they outlive the
// value). InvalidArgument: malformed (see tensor_proto.h and ir/map) or nested
// more than 100 deep. Unimplemented: sparse tensors. Maps come sorted by key.
absl::StatusOr<NamedValue> ReadValue(absl::string_view bytes,
                                     std::shared_ptr<const void> owner,
                                     ValueKind kind);
absl::StatusOr<NamedValue> ReadValueFile(const std::string& path,
                                         ValueKind kind);

// InvalidArgument: the value is not of that kind (an optional may be
// anything).
absl::StatusOr<std::string> WriteValue(const NamedValue& value, ValueKind kind);
absl::Status WriteValueFile(const NamedValue& value, ValueKind kind,
                            const std::string& path);

}  // namespace hone

#endif  // HONE_IR_ONNX_VALUE_PROTO_H_
