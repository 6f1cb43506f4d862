#include "ir/onnx/read_graph.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/type_proto.h"
#include "ir/onnx/wire.h"

namespace hone {
namespace {

void Keep(const WireField& field, RawBytes* raw) {
  raw->append(field.whole.data(), field.whole.size());
}

absl::StatusOr<ValueInfo> ReadValueInfo(absl::string_view message) {
  namespace keys = fields::value_info;
  ValueInfo info;
  MapReader<std::string> metadata;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case keys::kName:
        KeepString(field, &info.name, &info.raw);
        break;
      case keys::kType: {
        absl::StatusOr<Type> type = ReadTypeProto(field.bytes);
        if (!type.ok()) {
          return info.name.empty() ? type.status()
                                   : WithNode(type.status(), info.name);
        }
        info.type = *std::move(type);
        if (field.bytes.empty()) Keep(field, &info.raw);
        break;
      }
      case keys::kDoc:
        KeepString(field, &info.doc, &info.raw);
        break;
      case keys::kMetadata:
        HONE_RETURN_IF_ERROR(metadata.Add(field.bytes, &info.metadata));
        break;
      default:
        Keep(field, &info.raw);
    }
  }
  metadata.Finish(keys::kMetadata, &info.raw);
  HONE_RETURN_IF_ERROR(reader.status());
  return info;
}

absl::Status AddValueInfo(absl::string_view message,
                          std::vector<ValueInfo>* infos) {
  HONE_ASSIGN_OR_RETURN(ValueInfo info, ReadValueInfo(message));
  infos->push_back(std::move(info));
  return absl::OkStatus();
}

absl::Status AddNode(absl::string_view message, int depth, ReadContext* context,
                     std::vector<Node>* nodes) {
  HONE_ASSIGN_OR_RETURN(Node node, ReadNodeProto(message, depth, context));
  nodes->push_back(std::move(node));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Node> ReadNodeProto(absl::string_view message, int depth,
                                   ReadContext* context) {
  namespace keys = fields::node;
  Node node;
  MapReader<std::string> metadata;
  WireReader reader(message);
  WireField field;
  const auto read_field = [&]() -> absl::Status {
    switch (field.key) {
      case keys::kInput:
        node.inputs.emplace_back(field.bytes);
        return absl::OkStatus();
      case keys::kOutput:
        node.outputs.emplace_back(field.bytes);
        return absl::OkStatus();
      case keys::kName:
        KeepString(field, &node.name, &node.raw);
        return absl::OkStatus();
      case keys::kOpType:
        node.op_type = std::string(field.bytes);
        return absl::OkStatus();
      case keys::kDomain:
        KeepString(field, &node.domain, &node.raw);
        NormalizeDomain(keys::kDomain, &node.domain, &node.raw);
        return absl::OkStatus();
      case keys::kOverload:
        KeepString(field, &node.overload, &node.raw);
        return absl::OkStatus();
      case keys::kDoc:
        KeepString(field, &node.doc, &node.raw);
        return absl::OkStatus();
      case keys::kMetadata:
        return metadata.Add(field.bytes, &node.metadata);
      case keys::kAttribute: {
        HONE_ASSIGN_OR_RETURN(Attribute attribute,
                              ReadAttributeProto(field.bytes, depth, context));
        node.attributes.push_back(std::move(attribute));
        return absl::OkStatus();
      }
      default:
        Keep(field, &node.raw);
        return absl::OkStatus();
    }
  };
  while (reader.Next(&field)) {
    // Names come before attributes in every file seen; if not, the label is
    // poorer, not wrong.
    absl::Status status = read_field();
    if (!status.ok()) return WithNode(status, NodeLabel(node));
  }
  metadata.Finish(keys::kMetadata, &node.raw);
  if (!reader.status().ok()) return WithNode(reader.status(), NodeLabel(node));
  if (node.op_type.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "a node without an operator",
                     {.node = NodeLabel(node), .expected = "an op_type"});
  }
  return node;
}

absl::Status ReadGraphProto(absl::string_view message, int depth,
                            ReadContext* context, Graph* graph) {
  namespace keys = fields::graph;
  if (depth > kMaxGraphDepth) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "graphs nested too deeply",
                     {.expected = absl::StrCat("at most ", kMaxGraphDepth),
                      .found = "more"});
  }
  MapReader<std::string> metadata;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case keys::kNode:
        HONE_RETURN_IF_ERROR(
            AddNode(field.bytes, depth, context, &graph->nodes));
        break;
      case keys::kName:
        KeepString(field, &graph->name, &graph->raw);
        break;
      case keys::kInitializer: {
        HONE_ASSIGN_OR_RETURN(Initializer initializer,
                              ReadTensorProto(field.bytes, context));
        graph->initializers.push_back(std::move(initializer));
        break;
      }
      case keys::kDoc:
        KeepString(field, &graph->doc, &graph->raw);
        break;
      case keys::kInput:
        HONE_RETURN_IF_ERROR(AddValueInfo(field.bytes, &graph->inputs));
        break;
      case keys::kOutput:
        HONE_RETURN_IF_ERROR(AddValueInfo(field.bytes, &graph->outputs));
        break;
      case keys::kValueInfo:
        HONE_RETURN_IF_ERROR(AddValueInfo(field.bytes, &graph->value_infos));
        break;
      case keys::kQuantizationAnnotation:
        graph->quantization_annotations.emplace_back(field.bytes);
        break;
      case keys::kSparseInitializer:
        graph->sparse_initializers.emplace_back(field.bytes);
        break;
      case keys::kMetadata:
        HONE_RETURN_IF_ERROR(metadata.Add(field.bytes, &graph->metadata));
        break;
      default:
        Keep(field, &graph->raw);
    }
  }
  metadata.Finish(keys::kMetadata, &graph->raw);
  return reader.status();
}

absl::StatusOr<Function> ReadFunctionProto(absl::string_view message,
                                           ReadContext* context) {
  namespace keys = fields::function;
  Function function;
  MapReader<std::string> metadata;
  MapReader<int64_t> opsets;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case keys::kName:
        KeepString(field, &function.name, &function.raw);
        break;
      case keys::kInput:
        function.inputs.emplace_back(field.bytes);
        break;
      case keys::kOutput:
        function.outputs.emplace_back(field.bytes);
        break;
      case keys::kAttribute:
        function.attributes.emplace_back(field.bytes);
        break;
      case keys::kAttributeProto: {
        HONE_ASSIGN_OR_RETURN(Attribute attribute,
                              ReadAttributeProto(field.bytes, 0, context));
        function.attributes_with_default.push_back(std::move(attribute));
        break;
      }
      case keys::kNode:
        HONE_RETURN_IF_ERROR(AddNode(field.bytes, 0, context, &function.nodes));
        break;
      case keys::kDoc:
        KeepString(field, &function.doc, &function.raw);
        break;
      case keys::kOpsetImport:
        HONE_RETURN_IF_ERROR(opsets.Add(field.bytes, &function.opsets));
        break;
      case keys::kDomain:
        KeepString(field, &function.domain, &function.raw);
        NormalizeDomain(keys::kDomain, &function.domain, &function.raw);
        break;
      case keys::kValueInfo:
        HONE_RETURN_IF_ERROR(AddValueInfo(field.bytes, &function.value_infos));
        break;
      case keys::kOverload:
        KeepString(field, &function.overload, &function.raw);
        break;
      case keys::kMetadata:
        HONE_RETURN_IF_ERROR(metadata.Add(field.bytes, &function.metadata));
        break;
      default:
        Keep(field, &function.raw);
    }
  }
  metadata.Finish(keys::kMetadata, &function.raw);
  opsets.Finish(keys::kOpsetImport, &function.raw);
  HONE_RETURN_IF_ERROR(reader.status());
  return function;
}

}  // namespace hone
