#include "ir/rewrite/rewrite.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/rewrite/remove_dead.h"
#include "ir/text/parse_model.h"
#include "ir/text/print_model.h"

namespace hone {
namespace {

Graph Parsed(absl::string_view text) {
  absl::StatusOr<Model> model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? model->graph : Graph();
}

RewriteRule HardSwishRule() {
  return {"hard_swish",
          Pattern::Op("Mul", {Pattern::Any("x"),
                              Pattern::Op("HardSigmoid", {Pattern::Any("x")})})
              .Commutative(),
          [](const Match& match, Rewriter& rewriter) {
            rewriter.AddNode("HardSwish", {match.ValueOf("x")});
            return true;
          }};
}

TEST(RewriteTest, ReplacesInEitherOrder) {
  Graph graph = Parsed(R"(g (float32[4] a) => (float32[4] y) {
    s = HardSigmoid(a)
    b = Mul(a, s)
    t = HardSigmoid(b)
    [last] y = Mul(t, b)
  })");
  EXPECT_EQ(RewriteGraph({HardSwishRule()}, &graph), 2);
  EXPECT_EQ(PrintGraph(graph), R"(g (float32[4] a) => (float32[4] y) {
  b = HardSwish(a)
  [last] y = HardSwish(b)
}
)");
}

TEST(RewriteTest, LeavesWhatOthersRead) {
  const std::string text = R"(g (float32[4] a) => (float32[4] y, float32[4] s) {
  s = HardSigmoid(a)
  y = Mul(a, s)
}
)";
  Graph graph = Parsed(text);
  EXPECT_EQ(RewriteGraph({HardSwishRule()}, &graph), 0);  // s is an output
  EXPECT_EQ(PrintGraph(graph), text);
  graph = Parsed(R"(g (float32[4] a) => (float32[4] y, float32[4] z) {
    s = HardSigmoid(a)
    y = Mul(a, s)
    z = Neg(s)
  })");
  EXPECT_EQ(RewriteGraph({HardSwishRule()}, &graph), 0);
  // Other operands, and another domain.
  graph = Parsed(R"(g (float32[4] a, float32[4] b) => (float32[4] y) {
    s = HardSigmoid(a)
    y = Mul(b, s)
  })");
  EXPECT_EQ(RewriteGraph({HardSwishRule()}, &graph), 0);
  graph = Parsed(R"(g (float32[4] a) => (float32[4] y) {
    s = other.HardSigmoid(a)
    y = Mul(a, s)
  })");
  EXPECT_EQ(RewriteGraph({HardSwishRule()}, &graph), 0);
}

TEST(RewriteTest, SharedValuesStay) {
  Graph graph = Parsed(R"(g (float32[4] a) => (float32[4] y, float32[4] z) {
    s = Neg(a)
    y = Neg(s)
    z = Abs(s)
  })");
  const RewriteRule rule = {
      "double_negation",
      Pattern::Op("Neg", {Pattern::Op("Neg", {Pattern::Any("x")}).Shared()}),
      [](const Match& match, Rewriter& rewriter) {
        rewriter.AddNode("Identity", {match.ValueOf("x")});
        return true;
      }};
  EXPECT_EQ(RewriteGraph({rule}, &graph), 1);
  EXPECT_EQ(PrintGraph(graph),
            R"(g (float32[4] a) => (float32[4] y, float32[4] z) {
  s = Neg(a)
  y = Identity(a)
  z = Abs(s)
}
)");
}

TEST(RewriteTest, ConstantsAndPredicates) {
  const RewriteRule rule = {
      "scale",
      Pattern::Op(
          "Mul|Div",
          {Pattern::Op("Conv", {Pattern::Any("x"), Pattern::Constant("w"),
                                Pattern::Absent()})
               .As("conv")
               .Where([](const Node& node) {
                 return node.IntAttribute("group", 1) == 1;
               }),
           Pattern::Constant(
               "s", [](const Tensor& tensor) { return tensor.size() == 1; })}),
      [](const Match& match, Rewriter& rewriter) {
        Node conv =
            rewriter.graph().nodes[static_cast<size_t>(match.NodeOf("conv"))];
        conv.inputs[1] = rewriter.AddConstant(
            "w", *rewriter.index().ConstantTensor(match.ValueOf("s")));
        rewriter.AddNode(conv);
        return true;
      }};
  const char* const text = R"(g (float32[1, 1, 4, 4] x) => (? y) {
    w = constant float32[1, 1, 1, 1] {2}
    s = constant float32[%s] random(1)
    [c] t = Conv<group = %s>(x, w%s)
    y = Mul(t, s)
  })";
  const auto apply = [&](absl::string_view size, absl::string_view group,
                         absl::string_view more) {
    std::string filled = text;
    for (absl::string_view part : {size, group, more}) {
      filled.replace(filled.find("%s"), 2, std::string(part));
    }
    Graph graph = Parsed(filled);
    const int count = RewriteGraph({rule}, &graph);
    if (count == 1) {
      EXPECT_EQ(graph.nodes.size(), 1u);
      EXPECT_EQ(graph.nodes[0].outputs[0], "y");
      EXPECT_EQ(graph.nodes[0].name, "c");
      EXPECT_EQ(graph.nodes[0].inputs[1], "w_1");
      EXPECT_EQ(graph.initializers.size(), 1u);
    }
    return count;
  };
  EXPECT_EQ(apply("1", "1", ""), 1);
  EXPECT_EQ(apply("1", "1", ", \"\""), 1);
  EXPECT_EQ(apply("2", "1", ""), 0);
  EXPECT_EQ(apply("1", "2", ""), 0);
  EXPECT_EQ(apply("1", "1", ", w"), 0);
}

TEST(RewriteTest, StopsWhenARuleNeverSettles) {
  Graph graph = Parsed(R"(g (float32[4] a) => (float32[4] y) {
    y = Neg(a)
  })");
  const RewriteRule rule = {"forever", Pattern::Op("Neg", {Pattern::Any("x")}),
                            [](const Match& match, Rewriter& rewriter) {
                              rewriter.AddNode("Neg", {match.ValueOf("x")});
                              return true;
                            }};
  EXPECT_EQ(RewriteGraph({rule}, &graph), 1);
}

TEST(NameAllocatorTest, KnowsSubgraphsAndItself) {
  const Graph graph = Parsed(R"(g (bool[] c) => (float32[1] y) {
    y = If<then_branch = graph () => (float32[1] inner) {
      inner = Identity(y_1)
    }, else_branch = graph () => (float32[1] z) { z = Identity(q) }>(c)
  })");
  NameAllocator names(graph);
  EXPECT_EQ(names.Fresh("y"), "y_2");
  EXPECT_EQ(names.Fresh("y"), "y_3");
  EXPECT_EQ(names.Fresh("inner"), "inner_1");
  EXPECT_EQ(names.Fresh("new"), "new");
  EXPECT_EQ(names.Fresh("new"), "new_1");
  EXPECT_FALSE(names.Take("q"));
  EXPECT_TRUE(names.Take("free"));
  EXPECT_EQ(names.Fresh(""), "_1");
}

TEST(RemoveDeadNodesTest, KeepsWhatASubgraphReads) {
  Graph graph = Parsed(R"(g (bool[] c, float32[1] x) => (float32[1] y) {
    declare float32[1] dead
    w = constant float32[1] {1}
    unused = constant float32[1] {2}
    kept = Add(x, w)
    dead = Mul(x, unused)
    deader = Neg(dead)
    y = If<then_branch = graph () => (float32[1] z) { z = Neg(kept) },
           else_branch = graph () => (float32[1] z) { z = Abs(x) }>(c)
  })");
  EXPECT_EQ(RemoveDeadNodes(&graph), 2);
  EXPECT_EQ(graph.nodes.size(), 2u);
  ASSERT_EQ(graph.initializers.size(), 1u);
  EXPECT_EQ(graph.initializers[0].name, "w");
  EXPECT_TRUE(graph.value_infos.empty());
  EXPECT_EQ(RemoveDeadNodes(&graph), 0);
}

}  // namespace
}  // namespace hone
