#include "ir/graph/sort.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"

namespace hone {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

Node MakeNode(std::string name, std::vector<std::string> inputs,
              std::vector<std::string> outputs) {
  Node node;
  node.op_type = "Op";
  node.name = std::move(name);
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  return node;
}

std::vector<std::string> Names(const std::vector<Node>& nodes) {
  std::vector<std::string> names;
  for (const Node& node : nodes) names.push_back(node.name);
  return names;
}

TEST(TopologicalOrderTest, OrderedNodesKeepTheirPlaces) {
  const auto order = TopologicalOrder({MakeNode("a", {"x"}, {"ya"}),
                                       MakeNode("b", {"x"}, {"yb"}),
                                       MakeNode("c", {"ya", "yb"}, {"yc"})});
  ASSERT_TRUE(order.ok());
  EXPECT_THAT(*order, ElementsAre(0, 1, 2));
}

TEST(TopologicalOrderTest, MovesOnlyWhatWaits) {
  const auto order = TopologicalOrder({MakeNode("late", {"y1"}, {"z"}),
                                       MakeNode("other", {"x"}, {"w"}),
                                       MakeNode("early", {"x"}, {"y1"})});
  ASSERT_TRUE(order.ok());
  EXPECT_THAT(*order, ElementsAre(1, 2, 0));
}

TEST(TopologicalOrderTest, NamesANodeOnTheCycle) {
  const auto order = TopologicalOrder(
      {MakeNode("start", {"x"}, {"s"}), MakeNode("after", {"b"}, {"t"}),
       MakeNode("one", {"s", "b"}, {"a"}), MakeNode("two", {"a"}, {"b"})});
  EXPECT_EQ(order.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(DetailOf(order.status()).node, AnyOf("one", "two"));
}

TEST(TopologicalOrderTest, ANodeThatReadsItselfIsACycle) {
  const auto order = TopologicalOrder({MakeNode("self", {"y"}, {"y"})});
  EXPECT_EQ(DetailOf(order.status()).node, "self");
}

TEST(SortTopologicallyTest, SortsSubgraphsAndWaitsForWhatTheyRead) {
  Graph body;
  body.nodes = {MakeNode("second", {"m"}, {"out"}),
                MakeNode("first", {"outer"}, {"m"})};
  Node outer_node = MakeNode("if", {"c"}, {"y"});
  outer_node.SetAttribute(Attribute::OfGraph("then_branch", body));
  Model model;
  model.graph.nodes = {outer_node, MakeNode("maker", {"c"}, {"outer"})};
  ASSERT_TRUE(SortTopologically(&model).ok());
  EXPECT_THAT(Names(model.graph.nodes), ElementsAre("maker", "if"));
  const auto& sorted = std::get<std::shared_ptr<const Graph>>(
      model.graph.nodes[1].attributes[0].data);
  EXPECT_THAT(Names(sorted->nodes), ElementsAre("first", "second"));
}

TEST(SortTopologicallyTest, SortedSubgraphsStayShared) {
  Node node = MakeNode("if", {"c"}, {"y"});
  node.SetAttribute(Attribute::OfGraph("then_branch", Graph()));
  Model model;
  model.graph.nodes = {node};
  ASSERT_TRUE(SortTopologically(&model).ok());
  EXPECT_EQ(std::get<std::shared_ptr<const Graph>>(
                model.graph.nodes[0].attributes[0].data),
            std::get<std::shared_ptr<const Graph>>(node.attributes[0].data));
}

}  // namespace
}  // namespace hone
