#include "kernels/exec/inline_functions.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"

namespace hone {
namespace {

// A function that calls another twice, with an attribute and a default.
constexpr char kModel[] = R"(
  <opset_import: ["": 17, "local": 1]>
  net (float32[2] x) => (? y, ? t) {
    t = Abs(x)
    y = local.Twice<slope = 0.5>(x)
  }
  function local.Twice<slope> (a) => (b)
    opset_import: ["": 17, "local": 1] {
    t = local.Leak<alpha: float = @slope>(a)
    b = local.Leak(t)
  }
  function local.Leak<alpha: float = 0.25> (a) => (b)
    opset_import: ["": 17] {
    t = LeakyRelu<alpha: float = @alpha>(a)
    b = Identity(t)
  })";

TEST(InlineFunctions, CallsBecomeNodesOfTheirOwnNames) {
  absl::StatusOr<Model> model = ParseModel(kModel);
  ASSERT_TRUE(model.ok()) << model.status();
  ASSERT_TRUE(InlineFunctions(*model).ok());
  EXPECT_TRUE(model->functions.empty());
  int leaks = 0;
  for (const Node& node : model->graph.nodes) {
    EXPECT_EQ(node.domain, "");
    leaks += node.Is("LeakyRelu") ? 1 : 0;
  }
  EXPECT_EQ(leaks, 2);
}

TEST(InlineFunctions, ComputesWhatTheFunctionsSay) {
  const absl::StatusOr<Model> model = ParseModel(kModel);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto plan = Compile(*model, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ThreadPool pool(1);
  Workspace workspace;
  RunOptions run;
  run.pool = &pool;
  const auto y =
      (*plan)->Run(workspace, {Tensor::FromVector<float>({2}, {-8, 3})}, run);
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(
      BitwiseEqual((*y)[0].tensor(), Tensor::FromVector<float>({2}, {-1, 3})));
  EXPECT_TRUE(
      BitwiseEqual((*y)[1].tensor(), Tensor::FromVector<float>({2}, {8, 3})));
}

TEST(InlineFunctions, RefusesAnotherOpset) {
  absl::StatusOr<Model> model = ParseModel(kModel);
  ASSERT_TRUE(model.ok()) << model.status();
  model->functions[1].opsets[""] = 12;
  EXPECT_EQ(InlineFunctions(*model).code(), absl::StatusCode::kUnimplemented);
}

TEST(InlineFunctions, RefusesACircle) {
  absl::StatusOr<Model> model = ParseModel(kModel);
  ASSERT_TRUE(model.ok()) << model.status();
  model->functions[1].nodes[0].domain = "local";
  model->functions[1].nodes[0].op_type = "Twice";
  EXPECT_EQ(InlineFunctions(*model).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
