#include "ir/graph/graph.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ir/tensor/tensor.h"

namespace hone {
namespace {

Node MakeNode(std::string type, std::vector<std::string> inputs,
              std::vector<std::string> outputs) {
  Node node;
  node.op_type = std::move(type);
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  return node;
}

// y = Relu(Conv(x, w)); z = If(c) { t = Add(y, w) }.
Graph Example() {
  Graph graph;
  ValueInfo x;
  x.name = "x";
  graph.inputs = {x};
  graph.SetInitializer("w", Tensor::FromVector<float>({1}, {2}));
  Node branch = MakeNode("If", {"c"}, {"z"});
  Graph body;
  body.nodes = {MakeNode("Add", {"y", "inner"}, {"t"}),
                MakeNode("Neg", {"t"}, {"u"})};
  body.SetInitializer("inner", Tensor::Scalar(1.0f));
  branch.SetAttribute(Attribute::OfGraph("then_branch", body));
  Node constant = MakeNode("Constant", {}, {"c"});
  constant.SetAttribute(
      Attribute::OfTensor("value", Tensor::Scalar<bool>(true)));
  graph.nodes = {constant, MakeNode("Conv", {"x", "w"}, {"a"}),
                 MakeNode("Relu", {"a"}, {"y"}), branch};
  return graph;
}

TEST(GraphTest, CopySharesWeights) {
  const Graph graph = Example();
  const Graph copy = graph;
  EXPECT_TRUE(copy.FindInitializer("w")->tensor.SharesStorageWith(
      graph.FindInitializer("w")->tensor));
}

TEST(GraphTest, FreshNameAvoidsSubgraphsToo) {
  const Graph graph = Example();
  EXPECT_EQ(graph.FreshName("new"), "new");
  EXPECT_EQ(graph.FreshName("y"), "y_1");
  EXPECT_EQ(graph.FreshName("u"), "u_1");
}

TEST(GraphIndexTest, ProducersConsumersAndConstants) {
  const Graph graph = Example();
  const GraphIndex index(graph);
  EXPECT_EQ(index.Producer("y")->op_type, "Relu");
  EXPECT_EQ(index.Producer("x"), nullptr);
  EXPECT_TRUE(index.IsGraphInput("x"));
  EXPECT_EQ(index.ConstantTensor("w")->Values<float>()[0], 2.0f);
  ASSERT_NE(index.ConstantTensor("c"), nullptr);
  EXPECT_EQ(index.ConstantTensor("a"), nullptr);
  // The branch reads y of its outer scope; its own values are not reads.
  EXPECT_EQ(index.Consumers("y"), (std::vector<int>{3}));
  EXPECT_TRUE(index.Consumers("inner").empty());
  EXPECT_TRUE(index.Consumers("t").empty());
}

TEST(NodeTest, AttributesHaveDefaultsAndAreReplaced) {
  Node node = MakeNode("Conv", {"x", "", "b"}, {"y"});
  EXPECT_EQ(node.IntAttribute("group", 1), 1);
  node.SetAttribute(Attribute::Int("group", 4));
  node.SetAttribute(Attribute::Int("group", 8));
  EXPECT_EQ(node.attributes.size(), 1u);
  EXPECT_EQ(node.IntAttribute("group", 1), 8);
  EXPECT_EQ(node.FloatAttribute("group", 2.5f), 2.5f);  // of another kind
  node.RemoveAttribute("group");
  EXPECT_EQ(node.FindAttribute("group"), nullptr);
  EXPECT_EQ(node.Input(1), "");
  EXPECT_EQ(node.Input(7), "");
  EXPECT_EQ(NodeLabel(node), "Conv -> y");
}

TEST(ConstantNodeTest, EveryFormOfTheValue) {
  Node node = MakeNode("Constant", {}, {"c"});
  EXPECT_FALSE(ConstantNodeTensor(node).has_value());
  node.attributes = {Attribute::Floats("value_floats", {1, 2})};
  EXPECT_EQ(ConstantNodeTensor(node)->dims(), (Dims{2}));
  node.attributes = {Attribute::Int("value_int", 7)};
  EXPECT_EQ(ConstantNodeTensor(node)->Values<int64_t>()[0], 7);
  node.attributes = {Attribute::String("value_string", "s")};
  EXPECT_EQ(ConstantNodeTensor(node)->Strings()[0], "s");
  node.op_type = "Other";
  EXPECT_FALSE(ConstantNodeTensor(node).has_value());
}

}  // namespace
}  // namespace hone
