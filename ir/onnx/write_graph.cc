#include "ir/onnx/write_graph.h"

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/tensor_proto.h"
#include "ir/onnx/type_proto.h"

namespace hone {
namespace {

void WriteString(uint32_t key, const std::string& value, WireWriter* out) {
  if (!value.empty()) out->Bytes(key, value);
}

void WriteStrings(uint32_t key, const std::vector<std::string>& values,
                  WireWriter* out) {
  for (const std::string& value : values) out->Bytes(key, value);
}

// Metadata and carried fields, which come before the message's other fields.
void WriteCarried(uint32_t metadata_key,
                  const std::map<std::string, std::string>& metadata,
                  std::string raw, WireWriter* out) {
  WireWriter entries;
  WriteMap(metadata_key, metadata, &raw, &entries);
  out->Raw(raw);
  out->Append(entries);
}

void WriteValueInfos(uint32_t key, const std::vector<ValueInfo>& infos,
                     WireWriter* out) {
  namespace keys = fields::value_info;
  for (const ValueInfo& info : infos) {
    WireWriter message;
    WriteCarried(keys::kMetadata, info.metadata, info.raw, &message);
    WriteString(keys::kName, info.name, &message);
    WireWriter type;
    WriteTypeProto(info.type, &type);
    if (!type.empty()) message.Message(keys::kType, type);
    WriteString(keys::kDoc, info.doc, &message);
    out->Message(key, message);
  }
}

uint32_t BitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

// Writes an attribute's value, one overload for each kind of data.
struct ValueWriter {
  Attribute::Kind kind;
  ExternalDataLayout* external;
  std::vector<std::string> shadows;  // of the tensors
  WireWriter* out;

  void operator()(std::monostate) const {}
  void operator()(float value) const {
    out->Fixed32(fields::attribute::kFloat, BitsOf(value));
  }
  void operator()(int64_t value) const {
    out->Varint(fields::attribute::kInt, static_cast<uint64_t>(value));
  }
  void operator()(const std::string& value) const {
    out->Bytes(fields::attribute::kString, value);
  }
  void operator()(const Tensor& value) const {
    WriteTensor(fields::attribute::kTensor, value, 0, 1);
  }
  void operator()(const std::shared_ptr<const Graph>& value) const {
    WriteGraph(fields::attribute::kGraph, value);
  }
  void operator()(const std::vector<float>& values) const {
    for (const float value : values) {
      out->Fixed32(fields::attribute::kFloats, BitsOf(value));
    }
  }
  void operator()(const std::vector<int64_t>& values) const {
    for (const int64_t value : values) {
      out->Varint(fields::attribute::kInts, static_cast<uint64_t>(value));
    }
  }
  void operator()(const std::vector<std::string>& values) const {
    WriteStrings(fields::attribute::kStrings, values, out);
  }
  void operator()(const std::vector<Tensor>& values) const {
    for (size_t i = 0; i < values.size(); ++i) {
      WriteTensor(fields::attribute::kTensors, values[i], i, values.size());
    }
  }
  void operator()(
      const std::vector<std::shared_ptr<const Graph>>& values) const {
    for (const auto& value : values) {
      WriteGraph(fields::attribute::kGraphs, value);
    }
  }
  void operator()(const RawMessages& value) const {
    for (const RawBytes& message : value.messages) {
      out->Bytes(RawKey(), message);
    }
  }

 private:
  void WriteTensor(uint32_t key, const Tensor& tensor, size_t index,
                   size_t count) const {
    WireWriter message;
    if (shadows.size() == count) message.Raw(shadows[index]);
    Initializer record;
    record.tensor = tensor;
    WriteTensorProto(record, external, &message);
    out->Message(key, message);
  }
  void WriteGraph(uint32_t key,
                  const std::shared_ptr<const Graph>& graph) const {
    WireWriter message;
    WriteGraphProto(*graph, external, &message);
    out->Message(key, message);
  }
  uint32_t RawKey() const {
    switch (kind) {
      case Attribute::Kind::kSparseTensor:
        return fields::attribute::kSparseTensor;
      case Attribute::Kind::kSparseTensors:
        return fields::attribute::kSparseTensors;
      case Attribute::Kind::kTypeProto:
        return fields::attribute::kTypeProto;
      default:
        return fields::attribute::kTypeProtos;
    }
  }
};

void WriteAttributes(uint32_t key, const std::vector<Attribute>& attributes,
                     ExternalDataLayout* external, WireWriter* out) {
  namespace keys = fields::attribute;
  for (const Attribute& attribute : attributes) {
    std::string raw = attribute.raw;
    ValueWriter value{attribute.kind, external, {}, nullptr};
    if (attribute.kind == Attribute::Kind::kTensor) {
      value.shadows = TakeFields(keys::kTensor, &raw);
    } else if (attribute.kind == Attribute::Kind::kTensors) {
      value.shadows = TakeFields(keys::kTensors, &raw);
    }
    WireWriter message;
    value.out = &message;
    message.Raw(raw);
    WriteString(keys::kName, attribute.name, &message);
    WriteString(keys::kRefAttrName, attribute.ref_attr_name, &message);
    WriteString(keys::kDoc, attribute.doc, &message);
    if (attribute.kind != Attribute::Kind::kUndefined) {
      message.Varint(keys::kType, static_cast<uint64_t>(attribute.kind));
    }
    std::visit(value, attribute.data);
    out->Message(key, message);
  }
}

void WriteNodes(uint32_t key, const std::vector<Node>& nodes,
                ExternalDataLayout* external, WireWriter* out) {
  namespace keys = fields::node;
  for (const Node& node : nodes) {
    WireWriter message;
    WriteCarried(keys::kMetadata, node.metadata, node.raw, &message);
    WriteStrings(keys::kInput, node.inputs, &message);
    WriteStrings(keys::kOutput, node.outputs, &message);
    WriteString(keys::kName, node.name, &message);
    WriteString(keys::kOpType, node.op_type, &message);
    WriteString(keys::kDomain, node.domain, &message);
    WriteString(keys::kOverload, node.overload, &message);
    WriteAttributes(keys::kAttribute, node.attributes, external, &message);
    WriteString(keys::kDoc, node.doc, &message);
    out->Message(key, message);
  }
}

}  // namespace

void WriteGraphProto(const Graph& graph, ExternalDataLayout* external,
                     WireWriter* out) {
  namespace keys = fields::graph;
  WriteCarried(keys::kMetadata, graph.metadata, graph.raw, out);
  WriteNodes(keys::kNode, graph.nodes, external, out);
  WriteString(keys::kName, graph.name, out);
  WriteString(keys::kDoc, graph.doc, out);
  WriteValueInfos(keys::kInput, graph.inputs, out);
  WriteValueInfos(keys::kOutput, graph.outputs, out);
  WriteValueInfos(keys::kValueInfo, graph.value_infos, out);
  WriteStrings(keys::kQuantizationAnnotation, graph.quantization_annotations,
               out);
  WriteStrings(keys::kSparseInitializer, graph.sparse_initializers, out);
  for (const Initializer& initializer : graph.initializers) {
    WireWriter message;
    WriteTensorProto(initializer, external, &message);
    out->Message(keys::kInitializer, message);
  }
}

void WriteFunctionProto(const Function& function, ExternalDataLayout* external,
                        WireWriter* out) {
  namespace keys = fields::function;
  std::string raw = function.raw;
  WireWriter opsets;
  WriteMap(keys::kOpsetImport, function.opsets, &raw, &opsets);
  WriteCarried(keys::kMetadata, function.metadata, std::move(raw), out);
  out->Append(opsets);
  WriteString(keys::kName, function.name, out);
  WriteString(keys::kDomain, function.domain, out);
  WriteString(keys::kOverload, function.overload, out);
  WriteString(keys::kDoc, function.doc, out);
  WriteStrings(keys::kInput, function.inputs, out);
  WriteStrings(keys::kOutput, function.outputs, out);
  WriteStrings(keys::kAttribute, function.attributes, out);
  WriteAttributes(keys::kAttributeProto, function.attributes_with_default,
                  external, out);
  WriteNodes(keys::kNode, function.nodes, external, out);
  WriteValueInfos(keys::kValueInfo, function.value_infos, out);
}

}  // namespace hone
