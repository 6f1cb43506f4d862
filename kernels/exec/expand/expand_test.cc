#include "kernels/exec/expand/expand.h"

#include <string>

#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/ops/testing/text_case.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 17, \"com.microsoft\": 1]>\n" +
         body;
}

TEST(AllExpansions, AreFoundByName) {
  for (const Expansion& expansion : AllExpansions()) {
    EXPECT_EQ(FindExpansion(expansion.domain, expansion.op_type), &expansion);
  }
  EXPECT_EQ(FindExpansion("", "Attention"), nullptr);
  EXPECT_EQ(FindExpansion("com.microsoft", "Zebra"), nullptr);
}

TEST(ExpandOperators, LeavesOtherModelsAlone) {
  const auto parsed = ParseModel(
      "net (float32[2] x) => (float32[2] y) {\n"
      "  y = Relu(x)\n}");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  Model model = *parsed;
  ASSERT_TRUE(ExpandOperators(model).ok());
  EXPECT_EQ(model.graph.nodes.size(), 1u);
  EXPECT_EQ(model.opsets, parsed->opsets);
}

TEST(ExpandOperators, QuantizedOperatorsRunOnIntegers) {
  const auto model = ParseModel(Body(
      R"(net (uint8[2, 8] a, uint8[2, 8] b) => (uint8[2, 8] y) {
    s = constant float32[] {0.5}
    z = constant uint8[] {3}
    y = com.microsoft.QLinearAdd(a, s, z, b, s, z, s, z)
  })"));
  ASSERT_TRUE(model.ok()) << model.status();
  const auto plan = Compile(*model, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_NE((*plan)->ToString().find("QuantizedAdd"), std::string::npos)
      << (*plan)->ToString();
}

TEST(ExpandOperators, ReachesSubgraphs) {
  ExpectOutputs(Body(R"(net () => (float32[1, 1] y) {
    c = constant bool[] {1}
    a = constant float32[2, 1] {3, 4}
    y = If<then_branch = graph () => (float32[1, 1] t) {
      t = com.microsoft.FusedMatMul<transA = 1, alpha = 2.0>(a, a)
    }, else_branch = graph () => (float32[1, 1] e) {
      e = com.microsoft.FusedMatMul<transA = 1>(a, a)
    }>(c)
  })"),
                {"float32[1, 1] {50}"});
}

TEST(ExpandOperators, BiasSoftmaxMayTakeSeveralAxes) {
  const std::string half = "float32[1, 2, 2] {0.25, 0.25, 0.25, 0.25}";
  ExpectOutputs(Body(R"(net () => (float32[1, 2, 2] y, float32[1, 2, 2] z) {
    x = constant float32[1, 2, 2] {1, 2, 3, 4}
    b = constant float32[1, 2, 2] {4, 3, 2, 1}
    y = com.microsoft.BiasSoftmax<axis = 1, is_inner_broadcast = 0>(x, b)
    z = com.microsoft.BiasSoftmax<axis = 2, is_inner_broadcast = 0>(x, b)
  })"),
                {half, "float32[1, 2, 2] {0.5, 0.5, 0.5, 0.5}"}, 1e-6);
}

TEST(ExpandOperators, NamesWhatItCannotDo) {
  ExpectFailure(Body(R"(net () => (float32[1, 1] y) {
    a = constant float32[1, 1] {3}
    [odd] y = com.microsoft.FusedGemm<activation = "Frob">(a, a, a)
  })"),
                "node odd: com.microsoft.FusedGemm: the activation Frob");
  ExpectFailure(Body(R"(net () => (float32[1, 1] y) {
    a = constant float32[1, 1] {3}
    [one] y = com.microsoft.FusedMatMul(a)
  })"),
                "node one");
}

}  // namespace
}  // namespace hone
