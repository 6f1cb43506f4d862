#include "ir/graph/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Node MakeNode(std::string name, std::vector<std::string> inputs,
              std::vector<std::string> outputs) {
  Node node;
  node.op_type = "Relu";
  node.name = std::move(name);
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  return node;
}

ValueInfo Named(std::string name) {
  ValueInfo info;
  info.name = std::move(name);
  return info;
}

// x -> a -> m -> b -> y
Model Chain() {
  Model model;
  model.opsets[""] = 17;
  model.graph.inputs = {Named("x")};
  model.graph.outputs = {Named("y")};
  model.graph.nodes = {MakeNode("a", {"x"}, {"m"}),
                       MakeNode("b", {"m"}, {"y"})};
  return model;
}

std::string Message(const Model& model) {
  const absl::Status status = Validate(model);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(ValidateTest, AcceptsAChain) { EXPECT_TRUE(Validate(Chain()).ok()); }

TEST(ValidateTest, NamesAMissingInputAndItsReader) {
  Model model = Chain();
  model.graph.nodes[1].inputs = {"nowhere"};
  EXPECT_THAT(Message(model), AllOf(HasSubstr("node b"), HasSubstr("nowhere"),
                                    HasSubstr("missing input")));
}

TEST(ValidateTest, NamesAGraphOutputThatNothingMakes) {
  Model model = Chain();
  model.graph.outputs.push_back(Named("z"));
  EXPECT_THAT(Message(model), HasSubstr("graph output z"));
}

TEST(ValidateTest, AbsentOptionalInputsAreNoValues) {
  Model model = Chain();
  model.graph.nodes[0].inputs = {"x", "", ""};
  EXPECT_TRUE(Validate(model).ok());
}

TEST(ValidateTest, TellsWrongOrderFromACycle) {
  Model model = Chain();
  std::swap(model.graph.nodes[0], model.graph.nodes[1]);
  EXPECT_THAT(Message(model),
              AllOf(HasSubstr("out of order"), HasSubstr("node b")));
  model.graph.nodes[1].inputs = {"y"};
  EXPECT_THAT(Message(model), HasSubstr("a cycle"));
}

TEST(ValidateTest, AValueIsMadeOnce) {
  Model model = Chain();
  model.graph.nodes[1].outputs = {"y", "m"};
  EXPECT_THAT(Message(model),
              AllOf(HasSubstr("duplicate"), HasSubstr("\"m\"")));
  model = Chain();
  model.graph.inputs.push_back(Named("x"));
  EXPECT_THAT(Message(model), HasSubstr("duplicate"));
  model = Chain();
  model.graph.initializers.resize(2);
  model.graph.initializers[0].name = model.graph.initializers[1].name = "w";
  EXPECT_THAT(Message(model), HasSubstr("one initializer"));
}

TEST(ValidateTest, AnInputMayHaveADefault) {
  Model model = Chain();
  model.graph.SetInitializer("x", Tensor::Scalar(1.0f));
  EXPECT_TRUE(Validate(model).ok());
}

TEST(ValidateTest, SubgraphsReadOuterValuesAlreadyMade) {
  Graph body;
  body.nodes = {MakeNode("inner", {"m"}, {"r"})};
  body.outputs = {Named("r")};
  Model model = Chain();
  model.graph.nodes[1].SetAttribute(Attribute::OfGraph("body", body));
  EXPECT_TRUE(Validate(model).ok());
  // The node that has the subgraph makes "y": too late for the subgraph.
  body.nodes[0].inputs = {"y"};
  model.graph.nodes[1].SetAttribute(Attribute::OfGraph("body", body));
  EXPECT_THAT(Message(model), AllOf(HasSubstr("node b"), HasSubstr("a cycle")));
  body.nodes[0].inputs = {"nowhere"};
  model.graph.nodes[1].SetAttribute(Attribute::OfGraph("body", body));
  EXPECT_THAT(Message(model),
              AllOf(HasSubstr("node inner"), HasSubstr("nowhere")));
}

TEST(ValidateTest, DefaultDomainNeedsAnOperatorSet) {
  Model model = Chain();
  model.opsets = {{"com.microsoft", 1}};
  EXPECT_THAT(Message(model), HasSubstr("no operator set"));
}

TEST(ValidateTest, AttributeNamesAreUnique) {
  Model model = Chain();
  model.graph.nodes[0].attributes = {Attribute::Int("axis", 0),
                                     Attribute::Int("axis", 1)};
  EXPECT_THAT(Message(model),
              AllOf(HasSubstr("node a"), HasSubstr("\"axis\" twice")));
}

Function Doubler() {
  Function function;
  function.name = "Double";
  function.domain = "mine";
  function.opsets[""] = 17;
  function.inputs = {"u"};
  function.outputs = {"v"};
  function.attributes = {"alpha"};
  Node node = MakeNode("body", {"u"}, {"v"});
  Attribute reference;
  reference.name = "alpha";
  reference.kind = Attribute::Kind::kFloat;
  reference.ref_attr_name = "alpha";
  node.attributes = {reference};
  function.nodes = {node};
  return function;
}

Model Caller() {
  Model model = Chain();
  model.functions = {Doubler()};
  model.graph.nodes[0].op_type = "Double";
  model.graph.nodes[0].domain = "mine";
  return model;
}

TEST(ValidateTest, FunctionsAreCalledAsDeclared) {
  EXPECT_TRUE(Validate(Caller()).ok());
  Model model = Caller();
  model.graph.nodes[0].inputs = {"x", "x"};
  EXPECT_THAT(Message(model), AllOf(HasSubstr("node a"),
                                    HasSubstr("at most 1 inputs, found 2")));
}

TEST(ValidateTest, FunctionsAreUniqueAndDoNotCallThemselves) {
  Model model = Caller();
  model.functions.push_back(Doubler());
  EXPECT_THAT(Message(model), HasSubstr("duplicate"));
  model = Caller();
  Function other = Doubler();
  other.name = "Other";
  other.nodes[0].op_type = "Double";
  other.nodes[0].domain = "mine";
  model.functions[0].nodes[0].op_type = "Other";
  model.functions[0].nodes[0].domain = "mine";
  model.functions.push_back(other);
  EXPECT_THAT(Message(model), HasSubstr("calls itself"));
}

TEST(ValidateTest, FunctionBodiesAreChecked) {
  Model model = Caller();
  model.functions[0].nodes[0].inputs = {"x"};  // a name of the caller's
  EXPECT_THAT(Message(model), HasSubstr("missing input"));
  model = Caller();
  model.functions[0].outputs = {"w"};
  EXPECT_THAT(Message(model), HasSubstr("function output w"));
  model = Caller();
  model.functions[0].attributes.clear();
  EXPECT_THAT(Message(model), HasSubstr("\"alpha\" declared"));
}

TEST(ValidateTest, AttributeReferencesStandInFunctions) {
  Model model = Chain();
  model.graph.nodes[0].attributes = Doubler().nodes[0].attributes;
  EXPECT_THAT(Message(model), HasSubstr("no function around"));
}

}  // namespace
}  // namespace hone
