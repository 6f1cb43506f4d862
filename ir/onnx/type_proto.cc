#include "ir/onnx/type_proto.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/fields.h"

namespace hone {
namespace {

constexpr int kMaxDepth = 100;
constexpr size_t kMaxRank = 64;

absl::StatusOr<Type> ReadType(absl::string_view message, int depth);

void Keep(const WireField& field, std::string* raw) {
  raw->append(field.whole.data(), field.whole.size());
}

// Notes fields of a child message of the type in *raw.
void KeepInside(uint32_t key, const std::string& child, std::string* raw) {
  if (child.empty()) return;
  WireWriter shadow;
  shadow.Bytes(key, child);
  raw->append(shadow.ToString());
}

// *raw: what Dim does not hold.
absl::Status ReadDim(absl::string_view message, Dim* dim, std::string* raw) {
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == fields::dim::kValue) {
      const auto value = static_cast<int64_t>(field.value);
      dim->value = value >= 0 ? value : -1;
      dim->symbol.clear();
    } else if (field.key == fields::dim::kParam) {
      dim->value = -1;
      dim->symbol = std::string(field.bytes);
    } else if (field.key == fields::dim::kDenotation) {
      KeepString(field, &dim->denotation, raw);
    } else {
      Keep(field, raw);
    }
  }
  return reader.status();
}

absl::Status ReadShape(absl::string_view message, Shape* shape,
                       std::string* raw) {
  std::vector<std::string> dim_raws;
  bool any_raw = false;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key != fields::shape::kDim) {
      Keep(field, raw);
      continue;
    }
    if (shape->size() == kMaxRank) {
      return MakeError(
          absl::StatusCode::kInvalidArgument, "too many extents",
          {.expected = absl::StrCat("at most ", kMaxRank), .found = "more"});
    }
    shape->emplace_back();
    dim_raws.emplace_back();
    HONE_RETURN_IF_ERROR(
        ReadDim(field.bytes, &shape->back(), &dim_raws.back()));
    any_raw = any_raw || !dim_raws.back().empty();
  }
  if (any_raw) {
    WireWriter shadows;
    for (const std::string& dim : dim_raws) {
      shadows.Bytes(fields::shape::kDim, dim);
    }
    raw->append(shadows.ToString());
  }
  return reader.status();
}

// False in *known when the element type has no DType.
absl::Status ReadTensorType(absl::string_view message, Type* type,
                            std::string* raw, bool* known) {
  std::string shape_raw;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == fields::tensor_type::kElemType) {
      int64_t number = 0;
      KeepInt(field, &number, raw);
      *known = number == 0 || IsKnownDType(number);
      if (*known) type->dtype = static_cast<DType>(number);
    } else if (field.key == fields::tensor_type::kShape) {
      if (!type->shape.has_value()) type->shape.emplace();
      HONE_RETURN_IF_ERROR(ReadShape(field.bytes, &*type->shape, &shape_raw));
    } else {
      Keep(field, raw);
    }
  }
  KeepInside(fields::tensor_type::kShape, shape_raw, raw);
  return reader.status();
}

// Sequence, optional and map types: an element type, and a map's key type.
absl::Status ReadElementType(absl::string_view message, int depth, Type* type,
                             std::string* raw, bool* known) {
  const bool is_map = type->kind == Type::Kind::kMap;
  const uint32_t element_key =
      is_map ? fields::map_type::kValueType : fields::element_type::kElemType;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (is_map && field.key == fields::map_type::kKeyType) {
      int64_t number = 0;
      KeepInt(field, &number, raw);
      *known = number == 0 || IsKnownDType(number);
      if (*known) type->dtype = static_cast<DType>(number);
    } else if (field.key == element_key) {
      HONE_ASSIGN_OR_RETURN(Type element, ReadType(field.bytes, depth + 1));
      type->element = std::make_shared<const Type>(std::move(element));
    } else {
      Keep(field, raw);
    }
  }
  return reader.status();
}

Type::Kind KindOf(uint32_t key) {
  switch (key) {
    case fields::type::kTensor:
      return Type::Kind::kTensor;
    case fields::type::kSparseTensor:
      return Type::Kind::kSparseTensor;
    case fields::type::kSequence:
      return Type::Kind::kSequence;
    case fields::type::kOptional:
      return Type::Kind::kOptional;
    case fields::type::kMap:
      return Type::Kind::kMap;
    case fields::type::kOpaque:
      return Type::Kind::kOpaque;
    default:
      return Type::Kind::kUnknown;
  }
}

uint32_t KeyOf(Type::Kind kind) {
  switch (kind) {
    case Type::Kind::kTensor:
      return fields::type::kTensor;
    case Type::Kind::kSparseTensor:
      return fields::type::kSparseTensor;
    case Type::Kind::kSequence:
      return fields::type::kSequence;
    case Type::Kind::kOptional:
      return fields::type::kOptional;
    case Type::Kind::kMap:
      return fields::type::kMap;
    case Type::Kind::kOpaque:
    case Type::Kind::kUnknown:
      break;
  }
  return 0;
}

absl::StatusOr<Type> ReadType(absl::string_view message, int depth) {
  if (depth > kMaxDepth) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "types nested too deeply",
        {.expected = absl::StrCat("at most ", kMaxDepth), .found = "more"});
  }
  Type type;
  bool known = true;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    const Type::Kind kind = KindOf(field.key);
    if (kind == Type::Kind::kUnknown) {
      if (field.key == fields::type::kDenotation) {
        KeepString(field, &type.denotation, &type.raw);
      } else {
        Keep(field, &type.raw);
      }
      continue;
    }
    known = known && type.kind == Type::Kind::kUnknown &&
            kind != Type::Kind::kOpaque;
    type.kind = kind;
    std::string child_raw;
    bool child_known = true;
    if (kind == Type::Kind::kTensor || kind == Type::Kind::kSparseTensor) {
      HONE_RETURN_IF_ERROR(
          ReadTensorType(field.bytes, &type, &child_raw, &child_known));
    } else if (kind != Type::Kind::kOpaque) {
      HONE_RETURN_IF_ERROR(
          ReadElementType(field.bytes, depth, &type, &child_raw, &child_known));
    }
    known = known && child_known;
    KeepInside(field.key, child_raw, &type.raw);
  }
  HONE_RETURN_IF_ERROR(reader.status());
  if (known) return type;
  Type opaque;
  opaque.kind = Type::Kind::kOpaque;
  opaque.raw = std::string(message);
  return opaque;
}

void WriteShape(const Shape& shape, std::string raw, WireWriter* out) {
  std::vector<std::string> dim_raws = TakeFields(fields::shape::kDim, &raw);
  const bool paired = dim_raws.size() == shape.size();
  out->Raw(raw);
  for (size_t i = 0; i < shape.size(); ++i) {
    const Dim& dim = shape[i];
    WireWriter message;
    if (paired) message.Raw(dim_raws[i]);
    if (dim.known()) {
      message.Varint(fields::dim::kValue, static_cast<uint64_t>(dim.value));
    } else if (dim.symbolic()) {
      message.Bytes(fields::dim::kParam, dim.symbol);
    }
    if (!dim.denotation.empty()) {
      message.Bytes(fields::dim::kDenotation, dim.denotation);
    }
    out->Message(fields::shape::kDim, message);
  }
}

}  // namespace

absl::StatusOr<Type> ReadTypeProto(absl::string_view message) {
  return ReadType(message, 0);
}

void WriteTypeProto(const Type& type, WireWriter* out) {
  std::string raw = type.raw;
  const uint32_t key = KeyOf(type.kind);
  if (key == 0) {
    out->Raw(raw);
    if (type.kind == Type::Kind::kUnknown && !type.denotation.empty()) {
      out->Bytes(fields::type::kDenotation, type.denotation);
    }
    return;
  }
  std::string child_raw = TakeField(key, &raw);
  WireWriter child;
  if (type.is_tensor() || type.kind == Type::Kind::kSparseTensor) {
    const std::string shape_raw =
        TakeField(fields::tensor_type::kShape, &child_raw);
    child.Raw(child_raw);
    if (type.dtype != DType::kUndefined) {
      child.Varint(fields::tensor_type::kElemType,
                   static_cast<uint64_t>(type.dtype));
    }
    if (type.shape.has_value()) {
      WireWriter shape;
      WriteShape(*type.shape, shape_raw, &shape);
      child.Message(fields::tensor_type::kShape, shape);
    }
  } else {
    const bool is_map = type.kind == Type::Kind::kMap;
    child.Raw(child_raw);
    if (is_map && type.dtype != DType::kUndefined) {
      child.Varint(fields::map_type::kKeyType,
                   static_cast<uint64_t>(type.dtype));
    }
    if (type.element != nullptr) {
      WireWriter element;
      WriteTypeProto(*type.element, &element);
      child.Message(is_map ? fields::map_type::kValueType
                           : fields::element_type::kElemType,
                    element);
    }
  }
  out->Raw(raw);
  out->Message(key, child);
  if (!type.denotation.empty()) {
    out->Bytes(fields::type::kDenotation, type.denotation);
  }
}

}  // namespace hone
