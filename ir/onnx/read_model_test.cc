#include "ir/onnx/read_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/test_folder.h"
#include "ir/onnx/wire.h"
#include "ir/onnx/write_model.h"

namespace hone {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string ModelOf(const WireWriter& graph) {
  WireWriter model;
  model.Varint(fields::model::kIrVersion, 8);
  model.Message(fields::model::kGraph, graph);
  return model.ToString();
}

WireWriter NodeOf(absl::string_view op_type, absl::string_view domain) {
  WireWriter node;
  node.Bytes(fields::node::kName, "n");
  node.Bytes(fields::node::kOpType, op_type);
  if (!domain.empty()) node.Bytes(fields::node::kDomain, domain);
  return node;
}

std::string ErrorOf(absl::string_view bytes) {
  const auto model = ReadModelFromBytes(bytes, nullptr);
  EXPECT_FALSE(model.ok());
  return std::string(model.status().message());
}

TEST(ReadModelTest, DefaultDomainHasOneNameInTheGraph) {
  WireWriter graph;
  graph.Message(fields::graph::kNode, NodeOf("Relu", "ai.onnx"));
  const std::string bytes = ModelOf(graph);
  auto model = ReadModelFromBytes(bytes, nullptr);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->graph.nodes[0].Is("Relu"));
  const auto written = WriteModelToBytes(*model);
  ASSERT_TRUE(written.ok());
  EXPECT_THAT(*written, HasSubstr("ai.onnx"));
  // What the graph says wins over how it once was spelled.
  model->graph.nodes[0].domain = "com.microsoft";
  const auto edited = WriteModelToBytes(*model);
  ASSERT_TRUE(edited.ok());
  EXPECT_EQ(ReadModelFromBytes(*edited, nullptr)->graph.nodes[0].domain,
            "com.microsoft");
}

TEST(ReadModelTest, NamesTheFileAndTheNode) {
  const TestFolder folder;
  WireWriter attribute;
  attribute.Bytes(fields::attribute::kName, "value");
  attribute.Varint(fields::attribute::kType, 4);  // a tensor that is not there
  WireWriter node = NodeOf("Constant", "");
  node.Message(fields::node::kAttribute, attribute);
  WireWriter graph;
  graph.Message(fields::graph::kNode, node);
  folder.Write("m.onnx", ModelOf(graph));
  const absl::Status status = ReadModel(folder.Path("m.onnx")).status();
  EXPECT_EQ(DetailOf(status).file, folder.Path("m.onnx"));
  EXPECT_EQ(DetailOf(status).node, "n");
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("expected a tensor, found none"));
}

TEST(ReadModelTest, FilesThatAreNoModels) {
  const TestFolder folder;
  EXPECT_EQ(ReadModel(folder.Path("none.onnx")).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadModel(folder.Path("")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadModel("/dev/zero").status().code(),
            absl::StatusCode::kInvalidArgument);
  folder.Write("empty.onnx", "");
  EXPECT_THAT(
      std::string(ReadModel(folder.Path("empty.onnx")).status().message()),
      AllOf(HasSubstr("empty.onnx: not an ONNX model"), HasSubstr("0 bytes")));
  folder.Write("text.onnx", "This is a text, not a model.\n");
  EXPECT_FALSE(ReadModel(folder.Path("text.onnx")).ok());
}

TEST(ReadModelTest, ACutFileIsAnErrorAtEveryLength) {
  WireWriter tensor;
  tensor.Varint(fields::tensor::kDims, 600);
  tensor.Varint(fields::tensor::kDataType, 2);
  tensor.Bytes(fields::tensor::kRawData, std::string(600, 'x'));
  WireWriter graph;
  graph.Message(fields::graph::kNode, NodeOf("Relu", ""));
  graph.Message(fields::graph::kInitializer, tensor);
  const std::string bytes = ModelOf(graph);
  ASSERT_TRUE(ReadModelFromBytes(bytes, nullptr).ok());
  for (size_t size = 0; size < bytes.size(); ++size) {
    // A copy of exactly that size, so that reading past it is noticed.
    const std::string cut = bytes.substr(0, size);
    EXPECT_FALSE(ReadModelFromBytes(cut, nullptr).ok()) << size;
  }
}

// A graph in a node in a graph ..., `depth` times.
std::string Nested(int depth) {
  std::string graph;
  for (int i = 0; i < depth; ++i) {
    WireWriter attribute;
    attribute.Bytes(fields::attribute::kName, "body");
    attribute.Bytes(fields::attribute::kGraph, graph);
    WireWriter node = NodeOf("Loop", "");
    node.Message(fields::node::kAttribute, attribute);
    WireWriter outer;
    outer.Message(fields::graph::kNode, node);
    graph = outer.ToString();
  }
  WireWriter out;
  out.Raw(graph);
  return ModelOf(out);
}

TEST(ReadModelTest, NestingIsLimited) {
  const std::string fits = Nested(100);
  EXPECT_TRUE(ReadModelFromBytes(fits, nullptr).ok());
  EXPECT_THAT(ErrorOf(Nested(101)), HasSubstr("nested too deeply"));
  EXPECT_THAT(ErrorOf(Nested(2000)), HasSubstr("nested too deeply"));
}

TEST(ReadModelTest, NestedTypesAreLimited) {
  std::string type;
  for (int i = 0; i < 500; ++i) {
    WireWriter element;
    element.Bytes(fields::element_type::kElemType, type);
    WireWriter outer;
    outer.Message(fields::type::kSequence, element);
    type = outer.ToString();
  }
  WireWriter input;
  input.Bytes(fields::value_info::kName, "x");
  input.Bytes(fields::value_info::kType, type);
  WireWriter graph;
  graph.Message(fields::graph::kInput, input);
  EXPECT_THAT(ErrorOf(ModelOf(graph)),
              AllOf(HasSubstr("node x"), HasSubstr("types nested too deeply")));
}

TEST(ReadModelTest, NodesNeedAnOperatorAndAttributesAName) {
  WireWriter graph;
  graph.Message(fields::graph::kNode, NodeOf("", ""));
  EXPECT_THAT(ErrorOf(ModelOf(graph)), HasSubstr("expected an op_type"));
  WireWriter node = NodeOf("Relu", "");
  node.Bytes(fields::node::kAttribute, "");
  WireWriter other;
  other.Message(fields::graph::kNode, node);
  EXPECT_THAT(ErrorOf(ModelOf(other)),
              AllOf(HasSubstr("node n"), HasSubstr("without a name")));
}

TEST(ReadModelTest, AttributesOfUnknownTypesAreCarried) {
  WireWriter attribute;
  attribute.Bytes(fields::attribute::kName, "new");
  attribute.Varint(fields::attribute::kType, 77);
  attribute.Varint(fields::attribute::kInt, 5);
  WireWriter node = NodeOf("Relu", "");
  node.Message(fields::node::kAttribute, attribute);
  WireWriter graph;
  graph.Message(fields::graph::kNode, node);
  const std::string bytes = ModelOf(graph);
  const auto model = ReadModelFromBytes(bytes, nullptr);
  ASSERT_TRUE(model.ok()) << model.status();
  const Attribute& read = model->graph.nodes[0].attributes[0];
  EXPECT_EQ(read.kind, Attribute::Kind::kUndefined);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(read.data));
  EXPECT_EQ(read.raw, std::string("\xa0\x01\x4d\x18\x05"));
}

}  // namespace
}  // namespace hone
