#include "ir/onnx/value_proto.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/onnx/atomic_file.h"
#include "ir/onnx/external_data.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/mapped_file.h"
#include "ir/onnx/tensor_proto.h"
#include "ir/onnx/wire.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

constexpr int kMaxDepth = 100;

// SequenceProto.DataType and OptionalProto.DataType.
enum ElemType : int64_t {
  kElemUndefined = 0,
  kElemTensor = 1,
  kElemSparse = 2,
  kElemSequence = 3,
  kElemMap = 4,
  kElemOptional = 5,
};

// SequenceProto and OptionalProto have one layout: a name, the element type,
// and one field for each kind of element, repeated or not.
static_assert(fields::sequence::kName == fields::optional::kName &&
                  fields::sequence::kElemType == fields::optional::kElemType &&
                  fields::sequence::kTensors == fields::optional::kTensor &&
                  fields::sequence::kSequences == fields::optional::kSequence &&
                  fields::sequence::kOptionals == fields::optional::kOptional,
              "one function reads both");
namespace keys = fields::sequence;

absl::StatusOr<std::vector<Value>> ReadElements(absl::string_view message,
                                                int depth, std::string* name,
                                                ReadContext* context);

absl::StatusOr<Value> ReadSequence(absl::string_view message, int depth,
                                   std::string* name, ReadContext* context) {
  HONE_ASSIGN_OR_RETURN(std::vector<Value> values,
                        ReadElements(message, depth, name, context));
  return Value::Sequence(std::move(values));
}

absl::StatusOr<Value> ReadOptional(absl::string_view message, int depth,
                                   std::string* name, ReadContext* context) {
  HONE_ASSIGN_OR_RETURN(std::vector<Value> values,
                        ReadElements(message, depth, name, context));
  if (values.empty()) return Value();
  return std::move(values.back());
}

absl::StatusOr<std::vector<Value>> ReadElements(absl::string_view message,
                                                int depth, std::string* name,
                                                ReadContext* context) {
  if (depth > kMaxDepth) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "values nested too deeply",
        {.expected = absl::StrCat("at most ", kMaxDepth), .found = "more"});
  }
  std::vector<Value> values;
  std::string ignored;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case keys::kName:
        *name = std::string(field.bytes);
        break;
      case keys::kElemType:
        if (field.value == kElemMap || field.value == kElemSparse) {
          return MakeError(absl::StatusCode::kUnimplemented,
                           "a sequence or optional of maps or sparse tensors",
                           {});
        }
        break;
      case keys::kTensors: {
        HONE_ASSIGN_OR_RETURN(Initializer record,
                              ReadTensorProto(field.bytes, context));
        values.emplace_back(std::move(record.tensor));
        break;
      }
      case keys::kSequences: {
        HONE_ASSIGN_OR_RETURN(Value value, ReadSequence(field.bytes, depth + 1,
                                                        &ignored, context));
        values.push_back(std::move(value));
        break;
      }
      case keys::kOptionals: {
        HONE_ASSIGN_OR_RETURN(Value value, ReadOptional(field.bytes, depth + 1,
                                                        &ignored, context));
        values.push_back(std::move(value));
        break;
      }
      default:
        break;
    }
  }
  HONE_RETURN_IF_ERROR(reader.status());
  return values;
}

absl::StatusOr<NamedValue> Read(absl::string_view bytes, ValueKind kind,
                                ReadContext* context) {
  NamedValue result;
  switch (kind) {
    case ValueKind::kTensor: {
      HONE_ASSIGN_OR_RETURN(Initializer record,
                            ReadTensorProto(bytes, context));
      result.name = std::move(record.name);
      result.value = Value(std::move(record.tensor));
      break;
    }
    case ValueKind::kSequence: {
      HONE_ASSIGN_OR_RETURN(result.value,
                            ReadSequence(bytes, 0, &result.name, context));
      break;
    }
    case ValueKind::kOptional: {
      HONE_ASSIGN_OR_RETURN(result.value,
                            ReadOptional(bytes, 0, &result.name, context));
      break;
    }
  }
  return result;
}

ElemType ElemTypeOf(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kTensor:
      return kElemTensor;
    case Value::Kind::kSequence:
      return kElemSequence;
    case Value::Kind::kNone:
      break;
  }
  return kElemOptional;
}

// The element type that all have; optionals when they differ.
ElemType CommonElemType(const std::vector<Value>& values) {
  if (values.empty()) return kElemTensor;
  const ElemType first = ElemTypeOf(values[0]);
  for (const Value& value : values) {
    if (ElemTypeOf(value) != first) return kElemOptional;
  }
  return first;
}

void WriteSequence(const Value& value, WireWriter* out);
void WriteOptional(const Value& value, WireWriter* out);

void WriteElement(const Value& value, ElemType type, WireWriter* out) {
  WireWriter message;
  if (type == kElemTensor) {
    Initializer record;
    record.tensor = value.tensor();
    WriteTensorProto(record, nullptr, &message);
    out->Message(keys::kTensors, message);
  } else if (type == kElemSequence) {
    WriteSequence(value, &message);
    out->Message(keys::kSequences, message);
  } else {
    WriteOptional(value, &message);
    out->Message(keys::kOptionals, message);
  }
}

void WriteSequence(const Value& value, WireWriter* out) {
  const ElemType type = CommonElemType(value.sequence());
  out->Varint(keys::kElemType, static_cast<uint64_t>(type));
  for (const Value& element : value.sequence()) {
    WriteElement(element, type, out);
  }
}

void WriteOptional(const Value& value, WireWriter* out) {
  if (value.kind() == Value::Kind::kNone) {
    out->Varint(keys::kElemType, kElemUndefined);
    return;
  }
  const ElemType type = ElemTypeOf(value);
  out->Varint(keys::kElemType, static_cast<uint64_t>(type));
  WriteElement(value, type, out);
}

absl::StatusOr<WireWriter> Write(const NamedValue& value, ValueKind kind) {
  WireWriter out;
  if (kind == ValueKind::kTensor && value.value.is_tensor()) {
    Initializer record;
    record.name = value.name;
    record.tensor = value.value.tensor();
    WriteTensorProto(record, nullptr, &out);
    return out;
  }
  if (!value.name.empty()) out.Bytes(keys::kName, value.name);
  if (kind == ValueKind::kOptional) {
    WriteOptional(value.value, &out);
  } else if (kind == ValueKind::kSequence &&
             value.value.kind() == Value::Kind::kSequence) {
    WriteSequence(value.value, &out);
  } else {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "a value of another kind",
        {.node = value.name,
         .expected = kind == ValueKind::kTensor ? "a tensor" : "a sequence"});
  }
  return out;
}

}  // namespace

ValueKind ValueKindOf(const Type& type) {
  if (type.kind == Type::Kind::kSequence) return ValueKind::kSequence;
  if (type.kind == Type::Kind::kOptional) return ValueKind::kOptional;
  return ValueKind::kTensor;
}

absl::StatusOr<NamedValue> ReadValue(absl::string_view bytes,
                                     std::shared_ptr<const void> owner,
                                     ValueKind kind) {
  ReadContext context{std::move(owner), ExternalDataReader("")};
  return Read(bytes, kind, &context);
}

absl::StatusOr<NamedValue> ReadValueFile(const std::string& path,
                                         ValueKind kind) {
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file,
                        MappedFile::Open(path));
  const absl::string_view bytes = file->bytes();
  ReadContext context{std::move(file), ExternalDataReader(path)};
  absl::StatusOr<NamedValue> value = Read(bytes, kind, &context);
  if (!value.ok()) return WithFile(value.status(), path);
  return value;
}

absl::StatusOr<std::string> WriteValue(const NamedValue& value,
                                       ValueKind kind) {
  HONE_ASSIGN_OR_RETURN(const WireWriter message, Write(value, kind));
  return message.ToString();
}

absl::Status WriteValueFile(const NamedValue& value, ValueKind kind,
                            const std::string& path) {
  absl::StatusOr<WireWriter> message = Write(value, kind);
  if (!message.ok()) return WithFile(message.status(), path);
  HONE_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  HONE_RETURN_IF_ERROR(message->ForEachPiece(
      [&file](absl::string_view piece) { return file.Append(piece); }));
  return file.Commit();
}

}  // namespace hone
