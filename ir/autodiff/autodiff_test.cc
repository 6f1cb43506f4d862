// What the graphs look like; that the numbers are right is tested where there
// are kernels (kernels/exec/expand/gradient_test.cc).
#include "ir/autodiff/autodiff.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/graph/validate.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Parsed(const std::string& body) {
  const auto model =
      ParseModel("<ir_version: 8, opset_import: [\"\": 18]>\n" + body);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

TEST(AppendGradients, WritesOperatorsThatEveryRuntimeHas) {
  Model model = Parsed(R"(net (float32[n, 4] x) => (float32[] y) {
    w = constant float32[4, 3] random(1)
    b = constant float32[3] random(2)
    h = Gemm(x, w, b)
    r = Relu(h)
    y = ReduceMean<keepdims = 0>(r)
  })");
  const auto gradients = AppendGradients(&model, "y", {"w", "b"});
  ASSERT_TRUE(gradients.ok()) << gradients.status();
  EXPECT_TRUE(Validate(model).ok());
  const auto types = InferShapes(model, {});
  ASSERT_TRUE(types.ok()) << types.status();
  EXPECT_EQ(types->TypeOf((*gradients)[0]).ToString(), "float32[4, 3]");
  for (const Node& node : model.graph.nodes) EXPECT_EQ(node.domain, "");
}

TEST(AppendGradients, AddsWhatFlowsBackSeveralWays) {
  Model model = Parsed(R"(net (float32[2] x) => (float32[2] y) {
    a = Sin(x)
    b = Cos(x)
    y = Add(a, b)
  })");
  const auto gradients = AppendGradients(&model, "y", {"x"});
  ASSERT_TRUE(gradients.ok()) << gradients.status();
  EXPECT_EQ(model.graph.nodes.back().op_type, "Sum");
  EXPECT_EQ(model.graph.nodes.back().inputs.size(), 2u);
}

TEST(AppendGradients, DoesNotLookAtWhatDoesNotVary) {
  // No rule for CumSum is needed: w does not pass through it.
  Model model = Parsed(R"(net (float32[2] x) => (float32[2] y) {
    w = constant float32[2] {1, 2}
    axis = constant int64[] {0}
    c = CumSum(x, axis)
    y = Mul(c, w)
  })");
  EXPECT_TRUE(AppendGradients(&model, "y", {"w"}).ok());
  Model again = model;
  EXPECT_EQ(AppendGradients(&again, "y", {"x"}).status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST(AppendGradients, NamesTheSubgraphThatNothingFlowsThrough) {
  Model model = Parsed(R"(net (float32[2] x, bool[] c) => (float32[2] y) {
    [choice] y = If<then_branch = graph () => (float32[2] a) { a = Sin(x) },
                    else_branch = graph () => (float32[2] b) { b = Cos(x) }>(c)
  })");
  const absl::Status status = AppendGradients(&model, "y", {"x"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  for (const char* part : {"choice", "If", "subgraph"}) {
    EXPECT_NE(std::string(status.message()).find(part), std::string::npos)
        << status;
  }
}

TEST(AppendGradients, RefusesWhatIsNotThere) {
  Model model = Parsed("net (float32[2] x) => (float32[2] y) { y = Sin(x) }");
  for (const auto& [y, x] : std::vector<std::pair<std::string, std::string>>{
           {"z", "x"}, {"y", "z"}, {"", "x"}}) {
    EXPECT_EQ(AppendGradients(&model, y, {x}).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  model.opsets[""] = 17;
  EXPECT_EQ(AppendGradients(&model, "y", {"x"}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
