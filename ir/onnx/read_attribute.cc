#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/read_graph.h"
#include "ir/onnx/wire.h"

namespace hone {
namespace {

namespace keys = fields::attribute;
using Kind = Attribute::Kind;

// The kind whose value a field holds; kUndefined for the other fields.
Kind KindOfField(uint32_t key) {
  switch (key) {
    case keys::kFloat:
      return Kind::kFloat;
    case keys::kInt:
      return Kind::kInt;
    case keys::kString:
      return Kind::kString;
    case keys::kTensor:
      return Kind::kTensor;
    case keys::kGraph:
      return Kind::kGraph;
    case keys::kFloats:
    case keys::kFloatsPacked:
      return Kind::kFloats;
    case keys::kInts:
    case keys::kIntsPacked:
      return Kind::kInts;
    case keys::kStrings:
      return Kind::kStrings;
    case keys::kTensors:
      return Kind::kTensors;
    case keys::kGraphs:
      return Kind::kGraphs;
    case keys::kSparseTensor:
      return Kind::kSparseTensor;
    case keys::kSparseTensors:
      return Kind::kSparseTensors;
    case keys::kTypeProto:
      return Kind::kTypeProto;
    case keys::kTypeProtos:
      return Kind::kTypeProtos;
    default:
      return Kind::kUndefined;
  }
}

// The value of a kind before any field of it: what absent fields mean.
Attribute::Data EmptyData(Kind kind) {
  switch (kind) {
    case Kind::kFloat:
      return 0.0f;
    case Kind::kInt:
      return int64_t{0};
    case Kind::kString:
      return std::string();
    case Kind::kFloats:
      return std::vector<float>();
    case Kind::kInts:
      return std::vector<int64_t>();
    case Kind::kStrings:
      return std::vector<std::string>();
    case Kind::kTensors:
      return std::vector<Tensor>();
    case Kind::kGraphs:
      return std::vector<std::shared_ptr<const Graph>>();
    case Kind::kSparseTensor:
    case Kind::kSparseTensors:
    case Kind::kTypeProto:
    case Kind::kTypeProtos:
      return RawMessages();
    case Kind::kTensor:
    case Kind::kGraph:
    case Kind::kUndefined:
      break;
  }
  return std::monostate();
}

float FloatOf(uint64_t bits) {
  const auto low = static_cast<uint32_t>(bits);
  float value;
  std::memcpy(&value, &low, sizeof(value));
  return value;
}

// Reads a tensor; what the Tensor does not hold (its name) is appended to
// *shadows as a message, possibly an empty one.
absl::StatusOr<Tensor> ReadTensor(absl::string_view message,
                                  ReadContext* context, uint32_t key,
                                  WireWriter* shadows, bool* any_shadow) {
  HONE_ASSIGN_OR_RETURN(Initializer record, ReadTensorProto(message, context));
  Tensor tensor = std::move(record.tensor);
  record.tensor = Tensor();
  WireWriter shadow;
  WriteTensorProto(record, nullptr, &shadow);
  *any_shadow = *any_shadow || !shadow.empty();
  shadows->Message(key, shadow);
  return tensor;
}

absl::Status AddPackedFloats(absl::string_view packed,
                             std::vector<float>* floats) {
  if (packed.size() % sizeof(float) != 0) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "malformed protobuf: packed floats",
                     {.expected = "a multiple of 4 bytes",
                      .found = absl::StrCat(packed.size())});
  }
  const size_t old_size = floats->size();
  floats->resize(old_size + packed.size() / sizeof(float));
  if (!packed.empty()) {
    std::memcpy(floats->data() + old_size, packed.data(), packed.size());
  }
  return absl::OkStatus();
}

// What the attribute is, from a first pass: its type may come after its value.
absl::Status ReadKind(absl::string_view message, int64_t* type,
                      Kind* inferred) {
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == keys::kType) *type = static_cast<int64_t>(field.value);
    const Kind kind = KindOfField(field.key);
    if (kind != Kind::kUndefined) *inferred = kind;
  }
  return reader.status();
}

// Adds one field of the attribute's own kind to its value.
absl::Status AddValue(const WireField& field, int depth, ReadContext* context,
                      Attribute* attribute, WireWriter* shadows,
                      bool* any_shadow) {
  Attribute::Data& data = attribute->data;
  switch (field.key) {
    case keys::kFloat:
      data = FloatOf(field.value);
      break;
    case keys::kInt:
      data = static_cast<int64_t>(field.value);
      break;
    case keys::kString:
      data = std::string(field.bytes);
      break;
    case keys::kFloats:
      std::get<std::vector<float>>(data).push_back(FloatOf(field.value));
      break;
    case keys::kFloatsPacked:
      return AddPackedFloats(field.bytes, &std::get<std::vector<float>>(data));
    case keys::kInts:
      std::get<std::vector<int64_t>>(data).push_back(
          static_cast<int64_t>(field.value));
      break;
    case keys::kIntsPacked: {
      auto& ints = std::get<std::vector<int64_t>>(data);
      return ForEachPackedVarint(field.bytes, [&ints](uint64_t value) {
        ints.push_back(static_cast<int64_t>(value));
      });
    }
    case keys::kStrings:
      std::get<std::vector<std::string>>(data).emplace_back(field.bytes);
      break;
    case keys::kTensor: {
      HONE_ASSIGN_OR_RETURN(data, ReadTensor(field.bytes, context, field.key,
                                             shadows, any_shadow));
      break;
    }
    case keys::kTensors: {
      HONE_ASSIGN_OR_RETURN(
          Tensor tensor,
          ReadTensor(field.bytes, context, field.key, shadows, any_shadow));
      std::get<std::vector<Tensor>>(data).push_back(std::move(tensor));
      break;
    }
    case keys::kGraph:
    case keys::kGraphs: {
      auto graph = std::make_shared<Graph>();
      HONE_RETURN_IF_ERROR(
          ReadGraphProto(field.bytes, depth + 1, context, graph.get()));
      if (field.key == keys::kGraph) {
        data = std::shared_ptr<const Graph>(std::move(graph));
      } else {
        std::get<std::vector<std::shared_ptr<const Graph>>>(data).push_back(
            std::move(graph));
      }
      break;
    }
    default:
      std::get<RawMessages>(data).messages.emplace_back(field.bytes);
  }
  return absl::OkStatus();
}

bool IsKnownKind(int64_t type) {
  return type >= 0 && type <= static_cast<int64_t>(Kind::kTypeProtos);
}

}  // namespace

absl::StatusOr<Attribute> ReadAttributeProto(absl::string_view message,
                                             int depth, ReadContext* context) {
  int64_t type = 0;
  Kind inferred = Kind::kUndefined;
  HONE_RETURN_IF_ERROR(ReadKind(message, &type, &inferred));
  Attribute attribute;
  // Files older than IR version 2 name no type. A type newer than this table
  // is carried along with its value.
  attribute.kind = type == 0           ? inferred
                   : IsKnownKind(type) ? static_cast<Kind>(type)
                                       : Kind::kUndefined;
  attribute.data = EmptyData(attribute.kind);
  WireWriter shadows;
  bool any_shadow = false;
  bool has_value = false;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    const Kind kind = KindOfField(field.key);
    if (kind != Kind::kUndefined && kind == attribute.kind) {
      has_value = true;
      HONE_RETURN_IF_ERROR(
          AddValue(field, depth, context, &attribute, &shadows, &any_shadow));
    } else if (field.key == keys::kName) {
      KeepString(field, &attribute.name, &attribute.raw);
    } else if (field.key == keys::kDoc) {
      KeepString(field, &attribute.doc, &attribute.raw);
    } else if (field.key == keys::kRefAttrName) {
      KeepString(field, &attribute.ref_attr_name, &attribute.raw);
    } else if (field.key != keys::kType || attribute.kind == Kind::kUndefined) {
      attribute.raw.append(field.whole.data(), field.whole.size());
    }
  }
  HONE_RETURN_IF_ERROR(reader.status());
  if (any_shadow) attribute.raw += shadows.ToString();
  if (attribute.name.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "an attribute without a name", {.expected = "a name"});
  }
  if (has_value) return attribute;
  if (!attribute.ref_attr_name.empty()) {
    attribute.data = std::monostate();
  } else if (attribute.kind == Kind::kTensor ||
             attribute.kind == Kind::kGraph) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("attribute ", attribute.name, " without a value"),
        {.expected = attribute.kind == Kind::kTensor ? "a tensor" : "a graph",
         .found = "none"});
  }
  return attribute;
}

}  // namespace hone
