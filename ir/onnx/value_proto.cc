#include "ir/onnx/value_proto.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/map/map.h"
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
                  fields::sequence::kMaps == fields::optional::kMap &&
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

// The vector of a map's keys, as its key type has them.
absl::StatusOr<Tensor> KeysOf(DType dtype, const std::vector<int64_t>& numbers,
                              std::vector<std::string> strings) {
  if (!IsMapKey(dtype)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "key type of a map",
                     {.expected = "an integer type or string",
                      .found = std::string(DTypeName(dtype))});
  }
  const bool of_strings = dtype == DType::kString;
  if (of_strings ? !numbers.empty() : !strings.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "keys of a map",
                     {.expected = std::string(DTypeName(dtype)),
                      .found = of_strings ? "integers" : "strings"});
  }
  if (of_strings) {
    const Dims dims = {static_cast<int64_t>(strings.size())};
    return Tensor::FromStrings(dims, std::move(strings));
  }
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(
      Tensor keys,
      Tensor::Allocate(dtype, {static_cast<int64_t>(numbers.size())}, &bytes));
  const size_t width = static_cast<size_t>(BitsPerElement(dtype)) / 8;
  for (size_t i = 0; i < numbers.size(); ++i) {
    // uint64 keys lie in the file as the int64 of the same bits.
    if (dtype != DType::kU64 && !IntegerFits(dtype, numbers[i])) {
      return MakeError(absl::StatusCode::kInvalidArgument, "a key of a map",
                       {.expected = std::string(DTypeName(dtype)),
                        .found = absl::StrCat(numbers[i])});
    }
    std::memcpy(bytes.data() + i * width, &numbers[i], width);
  }
  return keys;
}

absl::StatusOr<Value> ReadMap(absl::string_view message, int depth,
                              std::string* name, ReadContext* context) {
  DType dtype = DType::kUndefined;
  std::vector<int64_t> numbers;
  std::vector<std::string> strings;
  Value values = Value::Sequence({});
  std::string ignored;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case fields::map::kName:
        *name = std::string(field.bytes);
        break;
      case fields::map::kKeyType: {
        const auto number = static_cast<int64_t>(field.value);
        dtype = IsKnownDType(number) ? static_cast<DType>(number)
                                     : DType::kUndefined;
        break;
      }
      case fields::map::kKeys:
        numbers.push_back(static_cast<int64_t>(field.value));
        break;
      case fields::map::kKeysPacked:
        HONE_RETURN_IF_ERROR(
            ForEachPackedVarint(field.bytes, [&numbers](uint64_t key) {
              numbers.push_back(static_cast<int64_t>(key));
            }));
        break;
      case fields::map::kStringKeys:
        strings.emplace_back(field.bytes);
        break;
      case fields::map::kValues: {
        HONE_ASSIGN_OR_RETURN(
            values, ReadSequence(field.bytes, depth + 1, &ignored, context));
        break;
      }
      default:
        break;
    }
  }
  HONE_RETURN_IF_ERROR(reader.status());
  HONE_ASSIGN_OR_RETURN(const Tensor keys,
                        KeysOf(dtype, numbers, std::move(strings)));
  return MakeMap(keys, std::move(values));
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
        if (field.value == kElemSparse) {
          return MakeError(absl::StatusCode::kUnimplemented,
                           "a sequence or optional of sparse tensors", {});
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
      case keys::kMaps: {
        HONE_ASSIGN_OR_RETURN(
            Value value, ReadMap(field.bytes, depth + 1, &ignored, context));
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
    case ValueKind::kMap: {
      HONE_ASSIGN_OR_RETURN(result.value,
                            ReadMap(bytes, 0, &result.name, context));
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
    case Value::Kind::kMap:
      return kElemMap;
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
void WriteMap(const Value& value, WireWriter* out);
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
  } else if (type == kElemMap) {
    WriteMap(value, &message);
    out->Message(keys::kMaps, message);
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

// A map's values one by one.
std::vector<Value> Unjoined(const Value& values) {
  if (!values.is_tensor()) return values.sequence();
  const Tensor& tensor = values.tensor();
  std::vector<Value> scalars;
  if (tensor.dtype() == DType::kString) {
    for (const std::string& text : tensor.Strings()) {
      scalars.emplace_back(Tensor::FromStrings({}, {text}));
    }
    return scalars;
  }
  const size_t width = static_cast<size_t>(BitsPerElement(tensor.dtype())) / 8;
  for (size_t i = 0; i < static_cast<size_t>(tensor.size()); ++i) {
    scalars.emplace_back(*Tensor::View(tensor.dtype(), {},
                                       tensor.bytes().subspan(i * width, width),
                                       tensor.owner()));
  }
  return scalars;
}

void WriteMap(const Value& value, WireWriter* out) {
  const Tensor& map_keys = value.map_keys();
  out->Varint(fields::map::kKeyType, static_cast<uint64_t>(map_keys.dtype()));
  if (map_keys.dtype() == DType::kString) {
    for (const std::string& key : map_keys.Strings()) {
      out->Bytes(fields::map::kStringKeys, key);
    }
  } else {
    for (int64_t i = 0; i < map_keys.size(); ++i) {
      out->Varint(fields::map::kKeys,
                  static_cast<uint64_t>(IntegerElement(map_keys, i)));
    }
  }
  WireWriter values;
  WriteSequence(Value::Sequence(Unjoined(value.map_values())), &values);
  out->Message(fields::map::kValues, values);
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
  } else if (kind == ValueKind::kMap &&
             value.value.kind() == Value::Kind::kMap) {
    WriteMap(value.value, &out);
  } else {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "a value of another kind",
                     {.node = value.name,
                      .expected = kind == ValueKind::kTensor     ? "a tensor"
                                  : kind == ValueKind::kSequence ? "a sequence"
                                                                 : "a map"});
  }
  return out;
}

}  // namespace

ValueKind ValueKindOf(const Type& type) {
  if (type.kind == Type::Kind::kSequence) return ValueKind::kSequence;
  if (type.kind == Type::Kind::kOptional) return ValueKind::kOptional;
  if (type.kind == Type::Kind::kMap) return ValueKind::kMap;
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
