#include <string>

#include "algorithms/fold/fold_after_linear.h"
#include "algorithms/fold/fold_hard_swish.h"
#include "algorithms/fold/fold_spatial_mean.h"
#include "algorithms/testing/same_outputs.h"
#include "gtest/gtest.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Parse(const std::string& text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

int Count(const Model& model, const std::string& op) {
  int count = 0;
  for (const Node& node : model.graph.nodes) count += node.op_type == op;
  return count;
}

TEST(FoldAfterLinearTest, KnownNumbers) {
  Model model = Parse(R"(
net (float32[1, 1, 1, 1] x) => (float32[1, 1, 1, 1] y) {
  w = constant float32[1, 1, 1, 1] {3}
  b = constant float32[1] {1}
  gamma = constant float32[1] {2}
  beta = constant float32[1] {5}
  mean = constant float32[1] {4}
  var = constant float32[1] {0.25}
  [conv] c = Conv(x, w, b)
  [bn] y = BatchNormalization<epsilon = 0.0>(c, gamma, beta, mean, var)
})");
  const Report rows = FoldAfterLinear(&model);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].node, "bn");
  EXPECT_EQ(rows[0].done, "folded");
  ASSERT_EQ(model.graph.nodes.size(), 1u);
  const Node& conv = model.graph.nodes[0];
  EXPECT_EQ(conv.outputs[0], "y");
  // a = 2 / 0.5 = 4, b = 5 - 4 * 4 = -11.
  EXPECT_EQ(
      model.graph.FindInitializer(conv.inputs[1])->tensor.Values<float>()[0],
      12.f);
  EXPECT_EQ(
      model.graph.FindInitializer(conv.inputs[2])->tensor.Values<float>()[0],
      -7.f);
  EXPECT_EQ(model.graph.initializers.size(), 2u);  // the old ones are gone
}

TEST(FoldAfterLinearTest, ChainsOfEveryKindKeepTheOutputs) {
  const Model before = Parse(R"(
net (float32[2, 4, 5, 5] x) => (float32[2, 6, 5, 5] y, float32[2, 3] z) {
  w = constant float32[6, 2, 3, 3] random(1)
  gamma = constant float32[6] random(2, 0.5, 2)
  beta = constant float32[6] random(3)
  mean = constant float32[6] random(4)
  var = constant float32[6] random(5, 0.1, 2)
  scale = constant float32[6, 1, 1] random(6, 0.5, 2)
  three = constant float32[] {3}
  wt = constant float32[6, 3, 2, 2] random(7)
  bt = constant float32[6] random(8)
  gw = constant float32[18, 3] random(9)
  gc = constant float32[1, 3] random(10)
  s2 = constant float32[3] random(11, 0.5, 2)
  shape = constant int64[2] {2, 18}
  [conv] a = Conv<group = 2, pads = [1, 1, 1, 1]>(x, w)
  [bn] b = BatchNormalization(a, gamma, beta, mean, var)
  [mul] c = Mul(scale, b)
  [add] y = Add(c, three)
  [deconv] d = ConvTranspose<group = 2, strides = [2, 2]>(y, wt, bt)
  [sub] e = Sub(d, three)
  [div] f = Div(e, three)
  [pool] g = GlobalAveragePool(f)
  [pool2] h = MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(y)
  [cut] i = GlobalMaxPool(h)
  [flat] j = Flatten(g)
  [wide] k = Concat<axis = 1>(j, j, j)
  [gemm] l = Gemm<beta = 0.5>(k, gw, gc)
  [mul2] z = Mul(l, s2)
})");
  Model after = before;
  const Report rows = FoldAfterLinear(&after);
  EXPECT_EQ(rows.size(), 6u);
  for (const char* op : {"BatchNormalization", "Mul", "Add", "Sub", "Div"}) {
    EXPECT_EQ(Count(after, op), 0) << op;
  }
  // The last round's weight and bias of three linear nodes, and `shape`, that
  // nothing read before either; none of the rounds between.
  EXPECT_EQ(after.graph.initializers.size(), 7u);
  ExpectSameOutputs(before, after, 1e-5);
}

TEST(FoldAfterLinearTest, WhatSomethingElseReadsStays) {
  for (const char* text :
       {// Two readers.
        R"(net (float32[1, 2, 3, 3] x) => (float32[1, 2, 3, 3] y) {
             w = constant float32[2, 2, 1, 1] random(1)
             s = constant float32[2, 1, 1] random(2)
             a = Conv(x, w)
             b = Mul(a, s)
             y = Add(a, b)
           })",
        // A graph output.
        R"(net (float32[1, 2, 3, 3] x)
               => (float32[1, 2, 3, 3] y, float32[1, 2, 3, 3] a) {
             w = constant float32[2, 2, 1, 1] random(1)
             s = constant float32[2, 1, 1] random(2)
             a = Conv(x, w)
             y = Mul(a, s)
           })",
        // A constant that varies along the width.
        R"(net (float32[1, 2, 3, 3] x) => (float32[1, 2, 3, 3] y) {
             w = constant float32[2, 2, 1, 1] random(1)
             s = constant float32[3] random(2)
             a = Conv(x, w)
             y = Mul(a, s)
           })",
        // A constant divided by the value.
        R"(net (float32[1, 2, 3, 3] x) => (float32[1, 2, 3, 3] y) {
             w = constant float32[2, 2, 1, 1] random(1)
             s = constant float32[] {2}
             a = Conv(x, w)
             y = Div(s, a)
           })"}) {
    Model model = Parse(text);
    const size_t nodes = model.graph.nodes.size();
    FoldAfterLinear(&model);
    EXPECT_EQ(model.graph.nodes.size(), nodes) << text;
  }
}

TEST(FoldHardSwishTest, EveryFormThatExportersWrite) {
  for (const char* body :
       {"a = Add(x, three)\n c = Clip(a, zero, six)\n m = Mul(x, c)\n"
        " y = Div(m, six)",
        "a = Add(three, x)\n c = Clip(a, zero, six)\n m = Mul(c, x)\n"
        " y = Mul(sixth, m)",
        "a = Add(x, three)\n c = Clip(a, zero, six)\n d = Div(c, six)\n"
        " y = Mul(x, d)",
        "h = HardSigmoid<alpha = 0.16666667>(x)\n y = Mul(x, h)"}) {
    const Model before = Parse(std::string(R"(
net (float32[2, 8] x) => (float32[2, 8] y) {
  three = constant float32[] {3}
  zero = constant float32[] {0}
  six = constant float32[] {6}
  sixth = constant float32[] {0.16666667}
  )") + body + "\n}");
    Model after = before;
    const Report rows = FoldHardSwish(&after);
    ASSERT_EQ(after.graph.nodes.size(), 1u) << body;
    EXPECT_TRUE(after.graph.nodes[0].Is("HardSwish"));
    EXPECT_EQ(rows.size(), before.graph.nodes.size());
    ExpectSameOutputs(before, after, 1e-6);
  }
}

TEST(FoldHardSwishTest, OthersStay) {
  for (const char* body :
       {// alpha is HardSigmoid's default, 0.2.
        "h = HardSigmoid(x)\n y = Mul(x, h)",
        // Clip to 5.
        "a = Add(x, three)\n c = Clip(a, zero, five)\n m = Mul(x, c)\n"
        " y = Div(m, six)",
        // The gate is read twice.
        "a = Add(x, three)\n c = Clip(a, zero, six)\n m = Mul(x, c)\n"
        " d = Div(m, six)\n y = Add(c, d)"}) {
    Model model = Parse(std::string(R"(
net (float32[2, 8] x) => (float32[2, 8] y) {
  three = constant float32[] {3}
  zero = constant float32[] {0}
  five = constant float32[] {5}
  six = constant float32[] {6}
  )") + body + "\n}");
    const size_t nodes = model.graph.nodes.size();
    EXPECT_TRUE(FoldHardSwish(&model).empty());
    EXPECT_EQ(model.graph.nodes.size(), nodes) << body;
  }
}

TEST(FoldSpatialMeanTest, MeansOverTheSpatialAxes) {
  const Model before = Parse(R"(
net (float32[2, 3, 4, 5] x)
    => (float32[2, 3, 1, 1] y, float32[2, 3] z, float32[2, 1, 4, 5] other) {
  y = ReduceMean<axes = [-2, -1]>(x)
  z = ReduceMean<axes = [3, 2], keepdims = 0>(x)
  other = ReduceMean<axes = [1]>(x)
})");
  Model after = before;
  FoldSpatialMean(&after);
  EXPECT_EQ(Count(after, "GlobalAveragePool"), 2);
  EXPECT_EQ(Count(after, "Squeeze"), 1);
  EXPECT_EQ(Count(after, "ReduceMean"), 1);
  ExpectSameOutputs(before, after, 1e-6);
}

}  // namespace
}  // namespace hone
