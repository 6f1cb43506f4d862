#include "algorithms/simplify/simplify.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "algorithms/simplify/fix_shapes.h"
#include "algorithms/testing/same_outputs.h"
#include "gtest/gtest.h"
#include "ir/text/parse_model.h"
#include "ir/text/print_model.h"

namespace hone {
namespace {

Model Parse(const std::string& text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

SimplifyResult Simplified(const Model& model,
                          const SimplifyOptions& options = {}) {
  const auto result = Simplify(model, options);
  EXPECT_TRUE(result.ok()) << result.status();
  return *result;
}

std::vector<std::string> Ops(const Model& model) {
  std::vector<std::string> ops;
  for (const Node& node : model.graph.nodes) ops.push_back(node.op_type);
  return ops;
}

using Strings = std::vector<std::string>;

// A bit of everything: a BatchNormalization, extents by arithmetic, a bias.
constexpr char kNet[] = R"(
net (float32[N, 3, 8, 8] x) => (float32[N, 5] y) {
  w = constant float32[4, 3, 3, 3] random(1)
  gamma = constant float32[4] random(2, 0.5, 2)
  beta = constant float32[4] random(3)
  mean = constant float32[4] random(4)
  var = constant float32[4] random(5, 0.5, 2)
  head = constant float32[256, 5] random(6)
  bias = constant float32[5] random(7)
  zero = Constant<value_int = 0>()
  axes = Constant<value_ints = [0]>()
  rest = Constant<value_ints = [-1]>()
  [conv] c = Conv<pads = [1, 1, 1, 1]>(x, w)
  [bn] b = BatchNormalization(c, gamma, beta, mean, var)
  [relu] r = Relu(b)
  s = Shape(r)
  n = Gather(s, zero)
  u = Unsqueeze(n, axes)
  target = Concat<axis = 0>(u, rest)
  f = Reshape(r, target)
  [matmul] m = MatMul(f, head)
  [add] a = Add(m, bias)
  [drop] y = Dropout(a)
})";

TEST(SimplifyTest, KnownAnswer) {
  const Model before = Parse(kNet);
  const SimplifyResult result = Simplified(before);
  EXPECT_EQ(Ops(result.model), (Strings{"Conv", "Relu", "Reshape", "Gemm"}));
  EXPECT_EQ(result.nodes_before, 11);
  EXPECT_EQ(result.nodes_after, 4);
  EXPECT_EQ(result.model.graph.nodes.back().outputs[0], "y");
  ExpectSameOutputs(before, result.model, 1e-5);
  for (const ReportRow& row : result.rows) {
    EXPECT_TRUE(absl::StrContains(row.why, ": ")) << row.node;
  }
  // Types of everything in between are written.
  ASSERT_EQ(result.model.graph.value_infos.size(), 3u);
  EXPECT_EQ(result.model.graph.value_infos[2].type.ToString(),
            "float32[N, 256]");
}

TEST(SimplifyTest, TwiceIsOnce) {
  const SimplifyResult once = Simplified(Parse(kNet));
  const SimplifyResult twice = Simplified(once.model);
  EXPECT_TRUE(twice.rows.empty());
  EXPECT_EQ(PrintModel(twice.model), PrintModel(once.model));
}

TEST(SimplifyTest, PassesAreSkippedByName) {
  SimplifyOptions options;
  options.skip = {"linear", "gemm"};
  const Strings ops = Ops(Simplified(Parse(kNet), options).model);
  EXPECT_EQ(std::count(ops.begin(), ops.end(), "BatchNormalization"), 1);
  EXPECT_EQ(std::count(ops.begin(), ops.end(), "MatMul"), 1);
  options.skip = {"linaer"};
  const auto status = Simplify(Parse(kNet), options).status();
  EXPECT_TRUE(absl::StrContains(status.message(), "expected linear")) << status;
}

TEST(SimplifyTest, EveryPassAloneKeepsTheOutputs) {
  const Model before = Parse(kNet);
  for (const std::string& only : SimplifyPassNames()) {
    SimplifyOptions options;
    for (const std::string& name : SimplifyPassNames()) {
      if (name != only) options.skip.push_back(name);
    }
    ExpectSameOutputs(before, Simplified(before, options).model, 1e-5);
  }
}

TEST(SimplifyTest, FixedShapes) {
  SimplifyOptions options;
  options.shapes = {{"x", {2, 3, 8, 8}}};
  const SimplifyResult result = Simplified(Parse(kNet), options);
  EXPECT_EQ(result.model.graph.inputs[0].type.ToString(),
            "float32[2, 3, 8, 8]");
  EXPECT_EQ(result.model.graph.outputs[0].type.ToString(), "float32[2, 5]");
  options.shapes = {{"N", {2}}};
  EXPECT_EQ(
      Simplified(Parse(kNet), options).model.graph.outputs[0].type.ToString(),
      "float32[2, 5]");
  for (const auto& [name, dims] :
       FixedShapes{{"x", {2, 4, 8, 8}}, {"z", {1}}, {"N", {1, 2}}}) {
    options.shapes = {{name, dims}};
    if (name == "N") continue;  // two numbers settle no symbol
    EXPECT_FALSE(Simplify(Parse(kNet), options).ok()) << name;
  }
}

TEST(FixShapesTest, Text) {
  const auto shapes = ParseFixedShapes({"x=1x3", "a=b=2"});
  ASSERT_TRUE(shapes.ok());
  EXPECT_EQ(shapes->at("x"), (Dims{1, 3}));
  EXPECT_EQ(shapes->at("a=b"), (Dims{2}));
  for (const char* bad : {"x", "=1", "x=", "x=1x", "x=1,2", "x=-1"}) {
    EXPECT_FALSE(ParseFixedShapes({bad}).ok()) << bad;
  }
}

TEST(SimplifyTest, LargeConstantsAreNotComputed) {
  const Model before = Parse(R"(
net (float32[1000] x) => (float32[1000, 1000] y) {
  s = constant int64[2] {1000, 1000}
  c = ConstantOfShape<value = float32[1] {2}>(s)
  y = Mul(x, c)
})");
  EXPECT_EQ(Ops(Simplified(before).model), (Strings{"ConstantOfShape", "Mul"}));
  SimplifyOptions options;
  options.fold_limit = 4000000;
  EXPECT_EQ(Ops(Simplified(before, options).model), (Strings{"Mul"}));
}

TEST(SimplifyTest, SubgraphsToo) {
  const Model before = Parse(R"(
net (float32[2] x, bool[] c) => (float32[2] y) {
  k = constant float32[2] {1, 1}
  y = If<then_branch = graph () => (float32[2] a) {
           t = Mul(x, k)
           u = Constant<value_floats = [2.0, 3.0]>()
           v = Neg(u)
           w = Identity(t)
           a = Add(w, v)
         },
         else_branch = graph () => (float32[2] b) { b = Abs(x) }>(c)
})");
  const SimplifyResult result = Simplified(before);
  EXPECT_EQ(result.nodes_after, 3);  // If, Add, Abs
}

TEST(SimplifyTest, QuantizedWeightsStayIntegers) {
  const Model before = Parse(R"(
net (float32[1, 4] x) => (float32[1, 3] y) {
  w = constant int8[4, 3] random(1)
  s = constant float32[] {0.5}
  z = constant int8[] {0}
  d = DequantizeLinear(w, s, z)
  y = MatMul(x, d)
})");
  EXPECT_EQ(Ops(Simplified(before).model),
            (Strings{"DequantizeLinear", "MatMul"}));
}

TEST(SimplifyTest, ReplaceableInitializersStay) {
  const Model before = Parse(R"(
net (float32[2] x, float32[2] k) => (float32[2] y) {
  k = constant float32[2] {1, 1}
  n = Neg(k)
  y = Mul(x, n)
})");
  EXPECT_EQ(Simplified(before).nodes_after, 2);
}

TEST(SimplifyTest, WrongModels) {
  const Model contradictory = Parse(R"(
net (float32[2, 3] x) => (float32[2, 3] y) {
  w = constant float32[4, 5] random(1)
  y = MatMul(x, w)
})");
  EXPECT_FALSE(Simplify(contradictory, {}).ok());
}

}  // namespace
}  // namespace hone
