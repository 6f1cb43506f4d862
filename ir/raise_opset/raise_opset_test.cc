#include "ir/raise_opset/raise_opset.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/graph/graph.h"

namespace hone {
namespace {

Node MakeNode(std::string type, std::vector<std::string> inputs,
              std::vector<Attribute> attributes) {
  Node node;
  node.op_type = std::move(type);
  node.inputs = std::move(inputs);
  node.outputs = {"y"};
  node.attributes = std::move(attributes);
  return node;
}

Model ModelOf(int64_t opset, Node node,
              Shape shape = {Dim::Of(2), Dim::Of(3), Dim::Of(4)}) {
  Model model;
  model.ir_version = 3;
  model.opsets[""] = opset;
  ValueInfo x;
  x.name = "x";
  x.type = Type::OfTensor(DType::kF32, std::move(shape));
  model.graph.inputs = {x};
  model.graph.nodes = {std::move(node)};
  return model;
}

TEST(RaiseOpsetTest, NewEnoughStaysAsItIs) {
  const Model model = ModelOf(17, MakeNode("Relu", {"x"}, {}));
  EXPECT_EQ(RaiseOpset(model, 13)->Opset(), 17);
  EXPECT_EQ(RaiseOpset(model, 13)->ir_version, 3);
}

TEST(RaiseOpsetTest, ClipBoundsBecomeInputs) {
  const Model model = ModelOf(
      10, MakeNode("Clip", {"x"},
                   {Attribute::Float("min", 0), Attribute::Float("max", 6)}));
  const auto raised = RaiseOpset(model, 13);
  ASSERT_TRUE(raised.ok()) << raised.status();
  const Node& clip = raised->graph.nodes[0];
  ASSERT_EQ(clip.inputs.size(), 3u);
  EXPECT_TRUE(clip.attributes.empty());
  const Initializer* max = raised->graph.FindInitializer(clip.inputs[2]);
  ASSERT_NE(max, nullptr);
  EXPECT_EQ(max->tensor.Values<float>()[0], 6.0f);
  EXPECT_EQ(raised->Opset(), 13);
  EXPECT_EQ(raised->ir_version, 7);
}

TEST(RaiseOpsetTest, OneSidedClipLeavesTheOtherInputOut) {
  const auto raised = RaiseOpset(
      ModelOf(10, MakeNode("Clip", {"x"}, {Attribute::Float("max", 6)})), 13);
  ASSERT_TRUE(raised.ok());
  EXPECT_EQ(raised->graph.nodes[0].inputs[1], "");
}

TEST(RaiseOpsetTest, UpsampleBecomesAnAsymmetricResize) {
  const auto raised =
      RaiseOpset(ModelOf(8, MakeNode("Upsample", {"x"},
                                     {Attribute::Floats("scales", {1, 1, 2})})),
                 13);
  ASSERT_TRUE(raised.ok()) << raised.status();
  const Node& resize = raised->graph.nodes[0];
  EXPECT_EQ(resize.op_type, "Resize");
  ASSERT_EQ(resize.inputs.size(), 3u);
  EXPECT_EQ(resize.inputs[1], "");
  EXPECT_EQ(resize.StringAttribute("coordinate_transformation_mode", ""),
            "asymmetric");
  EXPECT_EQ(raised->graph.FindInitializer(resize.inputs[2])
                ->tensor.Values<float>()[2],
            2.0f);
}

TEST(RaiseOpsetTest, SoftmaxOverSeveralAxesGetsItsFlatten) {
  const auto raised =
      RaiseOpset(ModelOf(11, MakeNode("Softmax", {"x"}, {})), 13);
  ASSERT_TRUE(raised.ok());
  std::vector<std::string> types;
  for (const Node& node : raised->graph.nodes) types.push_back(node.op_type);
  EXPECT_EQ(types, (std::vector<std::string>{"Shape", "Flatten", "Softmax",
                                             "Reshape"}));
  EXPECT_EQ(raised->graph.nodes.back().outputs[0], "y");
}

TEST(RaiseOpsetTest, SoftmaxOverTheLastAxisStaysOneNode) {
  const auto raised = RaiseOpset(
      ModelOf(11, MakeNode("Softmax", {"x"}, {Attribute::Int("axis", 2)})), 13);
  ASSERT_EQ(raised->graph.nodes.size(), 1u);
  EXPECT_EQ(raised->graph.nodes[0].IntAttribute("axis", 0), -1);
}

TEST(RaiseOpsetTest, ReduceMeanChangesAt18Only) {
  const Model model = ModelOf(
      11, MakeNode("ReduceMean", {"x"}, {Attribute::Ints("axes", {1, 2})}));
  EXPECT_EQ(RaiseOpset(model, 13)->graph.nodes[0].inputs.size(), 1u);
  const auto raised = RaiseOpset(model, 18);
  ASSERT_EQ(raised->graph.nodes[0].inputs.size(), 2u);
  EXPECT_EQ(raised->graph.nodes[0].FindAttribute("axes"), nullptr);
}

TEST(RaiseOpsetTest, SubgraphsAreRaisedToo) {
  Graph body;
  body.nodes = {MakeNode("Squeeze", {"x"}, {Attribute::Ints("axes", {0})})};
  Node branch =
      MakeNode("If", {"x"}, {Attribute::OfGraph("then_branch", body)});
  const auto raised = RaiseOpset(ModelOf(11, branch), 13);
  ASSERT_TRUE(raised.ok());
  const Attribute* attribute =
      raised->graph.nodes[0].FindAttribute("then_branch");
  const auto& graph = *std::get<std::shared_ptr<const Graph>>(attribute->data);
  EXPECT_EQ(graph.nodes[0].inputs.size(), 2u);
  EXPECT_EQ(graph.initializers.size(), 1u);
}

TEST(RaiseOpsetTest, RefusesWhatHasNoNewerForm) {
  const auto spatial =
      RaiseOpset(ModelOf(7, MakeNode("BatchNormalization", {"x"},
                                     {Attribute::Int("spatial", 0)})),
                 13);
  EXPECT_EQ(spatial.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_NE(spatial.status().message().find("BatchNormalization -> y"),
            std::string::npos);
  EXPECT_EQ(
      RaiseOpset(ModelOf(5, MakeNode("Relu", {"x"}, {})), 13).status().code(),
      absl::StatusCode::kUnimplemented);
  EXPECT_EQ(
      RaiseOpset(ModelOf(7, MakeNode("Relu", {"x"}, {})), 99).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
