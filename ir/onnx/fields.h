// Field table of the ONNX messages (onnx.proto and onnx-data.proto of onnx
// 1.23.2), one namespace per message.
//
//   switch (field.key) { case fields::node::kOpType: ... }
//
// A constant is a field's number and its wire type together, as they lie in the
// file: number * 8 + wire type. A field that comes with another wire type than
// the schema's is therefore an unknown field, which is protobuf's rule too.
// Repeated numbers may come one by one or packed: readers accept both.
#ifndef HONE_IR_ONNX_FIELDS_H_
#define HONE_IR_ONNX_FIELDS_H_

#include <cstdint>

namespace hone::fields {

constexpr uint32_t Varint(uint32_t number) { return number * 8; }
constexpr uint32_t Fixed64(uint32_t number) { return number * 8 + 1; }
constexpr uint32_t Bytes(uint32_t number) { return number * 8 + 2; }
constexpr uint32_t Fixed32(uint32_t number) { return number * 8 + 5; }

namespace model {
constexpr uint32_t kIrVersion = Varint(1);
constexpr uint32_t kProducerName = Bytes(2);
constexpr uint32_t kProducerVersion = Bytes(3);
constexpr uint32_t kDomain = Bytes(4);
constexpr uint32_t kModelVersion = Varint(5);
constexpr uint32_t kDoc = Bytes(6);
constexpr uint32_t kGraph = Bytes(7);
constexpr uint32_t kOpsetImport = Bytes(8);
constexpr uint32_t kMetadata = Bytes(14);
constexpr uint32_t kFunctions = Bytes(25);
// Carried as raw bytes: training_info 20, configuration 26.
}  // namespace model

namespace opset {
constexpr uint32_t kDomain = Bytes(1);
constexpr uint32_t kVersion = Varint(2);
}  // namespace opset

namespace entry {  // StringStringEntryProto
constexpr uint32_t kKey = Bytes(1);
constexpr uint32_t kValue = Bytes(2);
}  // namespace entry

namespace graph {
constexpr uint32_t kNode = Bytes(1);
constexpr uint32_t kName = Bytes(2);
constexpr uint32_t kInitializer = Bytes(5);
constexpr uint32_t kDoc = Bytes(10);
constexpr uint32_t kInput = Bytes(11);
constexpr uint32_t kOutput = Bytes(12);
constexpr uint32_t kValueInfo = Bytes(13);
constexpr uint32_t kQuantizationAnnotation = Bytes(14);
constexpr uint32_t kSparseInitializer = Bytes(15);
constexpr uint32_t kMetadata = Bytes(16);
}  // namespace graph

namespace value_info {
constexpr uint32_t kName = Bytes(1);
constexpr uint32_t kType = Bytes(2);
constexpr uint32_t kDoc = Bytes(3);
constexpr uint32_t kMetadata = Bytes(4);
}  // namespace value_info

namespace node {
constexpr uint32_t kInput = Bytes(1);
constexpr uint32_t kOutput = Bytes(2);
constexpr uint32_t kName = Bytes(3);
constexpr uint32_t kOpType = Bytes(4);
constexpr uint32_t kAttribute = Bytes(5);
constexpr uint32_t kDoc = Bytes(6);
constexpr uint32_t kDomain = Bytes(7);
constexpr uint32_t kOverload = Bytes(8);
constexpr uint32_t kMetadata = Bytes(9);
// Carried as raw bytes: device_configurations 10.
}  // namespace node

namespace attribute {
constexpr uint32_t kName = Bytes(1);
constexpr uint32_t kFloat = Fixed32(2);
constexpr uint32_t kInt = Varint(3);
constexpr uint32_t kString = Bytes(4);
constexpr uint32_t kTensor = Bytes(5);
constexpr uint32_t kGraph = Bytes(6);
constexpr uint32_t kFloats = Fixed32(7);
constexpr uint32_t kFloatsPacked = Bytes(7);
constexpr uint32_t kInts = Varint(8);
constexpr uint32_t kIntsPacked = Bytes(8);
constexpr uint32_t kStrings = Bytes(9);
constexpr uint32_t kTensors = Bytes(10);
constexpr uint32_t kGraphs = Bytes(11);
constexpr uint32_t kDoc = Bytes(13);
constexpr uint32_t kTypeProto = Bytes(14);
constexpr uint32_t kTypeProtos = Bytes(15);
constexpr uint32_t kType = Varint(20);
constexpr uint32_t kRefAttrName = Bytes(21);
constexpr uint32_t kSparseTensor = Bytes(22);
constexpr uint32_t kSparseTensors = Bytes(23);
}  // namespace attribute

namespace function {
constexpr uint32_t kName = Bytes(1);
constexpr uint32_t kInput = Bytes(4);
constexpr uint32_t kOutput = Bytes(5);
constexpr uint32_t kAttribute = Bytes(6);
constexpr uint32_t kNode = Bytes(7);
constexpr uint32_t kDoc = Bytes(8);
constexpr uint32_t kOpsetImport = Bytes(9);
constexpr uint32_t kDomain = Bytes(10);
constexpr uint32_t kAttributeProto = Bytes(11);
constexpr uint32_t kValueInfo = Bytes(12);
constexpr uint32_t kOverload = Bytes(13);
constexpr uint32_t kMetadata = Bytes(14);
}  // namespace function

namespace tensor {
constexpr uint32_t kDims = Varint(1);
constexpr uint32_t kDimsPacked = Bytes(1);
constexpr uint32_t kDataType = Varint(2);
constexpr uint32_t kSegment = Bytes(3);
constexpr uint32_t kFloatData = Fixed32(4);
constexpr uint32_t kFloatDataPacked = Bytes(4);
constexpr uint32_t kInt32Data = Varint(5);
constexpr uint32_t kInt32DataPacked = Bytes(5);
constexpr uint32_t kStringData = Bytes(6);
constexpr uint32_t kInt64Data = Varint(7);
constexpr uint32_t kInt64DataPacked = Bytes(7);
constexpr uint32_t kName = Bytes(8);
constexpr uint32_t kRawData = Bytes(9);
constexpr uint32_t kDoubleData = Fixed64(10);
constexpr uint32_t kDoubleDataPacked = Bytes(10);
constexpr uint32_t kUint64Data = Varint(11);
constexpr uint32_t kUint64DataPacked = Bytes(11);
constexpr uint32_t kDoc = Bytes(12);
constexpr uint32_t kExternalData = Bytes(13);
constexpr uint32_t kDataLocation = Varint(14);
constexpr uint32_t kMetadata = Bytes(16);
}  // namespace tensor

namespace type {
constexpr uint32_t kTensor = Bytes(1);
constexpr uint32_t kSequence = Bytes(4);
constexpr uint32_t kMap = Bytes(5);
constexpr uint32_t kDenotation = Bytes(6);
constexpr uint32_t kOpaque = Bytes(7);
constexpr uint32_t kSparseTensor = Bytes(8);
constexpr uint32_t kOptional = Bytes(9);
}  // namespace type

namespace tensor_type {  // TypeProto.Tensor and TypeProto.SparseTensor
constexpr uint32_t kElemType = Varint(1);
constexpr uint32_t kShape = Bytes(2);
}  // namespace tensor_type

namespace map_type {
constexpr uint32_t kKeyType = Varint(1);
constexpr uint32_t kValueType = Bytes(2);
}  // namespace map_type

namespace element_type {  // TypeProto.Sequence and TypeProto.Optional
constexpr uint32_t kElemType = Bytes(1);
}  // namespace element_type

namespace shape {
constexpr uint32_t kDim = Bytes(1);
}  // namespace shape

namespace dim {
constexpr uint32_t kValue = Varint(1);
constexpr uint32_t kParam = Bytes(2);
constexpr uint32_t kDenotation = Bytes(3);
}  // namespace dim

namespace sequence {
constexpr uint32_t kName = Bytes(1);
constexpr uint32_t kElemType = Varint(2);
constexpr uint32_t kTensors = Bytes(3);
constexpr uint32_t kSequences = Bytes(5);
constexpr uint32_t kMaps = Bytes(6);
constexpr uint32_t kOptionals = Bytes(7);
}  // namespace sequence

namespace optional {
constexpr uint32_t kName = Bytes(1);
constexpr uint32_t kElemType = Varint(2);
constexpr uint32_t kTensor = Bytes(3);
constexpr uint32_t kSequence = Bytes(5);
constexpr uint32_t kMap = Bytes(6);
constexpr uint32_t kOptional = Bytes(7);
}  // namespace optional

namespace map {
constexpr uint32_t kName = Bytes(1);
constexpr uint32_t kKeyType = Varint(2);
constexpr uint32_t kKeys = Varint(3);
constexpr uint32_t kKeysPacked = Bytes(3);
constexpr uint32_t kStringKeys = Bytes(4);
constexpr uint32_t kValues = Bytes(5);
}  // namespace map

}  // namespace hone::fields

#endif  // HONE_IR_ONNX_FIELDS_H_
