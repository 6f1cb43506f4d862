#include "algorithms/quantization/placement.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

struct Placed {
  Model model;
  Placement placement;

  const NodePlacement& Node(const std::string& name) const {
    for (size_t i = 0; i < model.graph.nodes.size(); ++i) {
      if (model.graph.nodes[i].name == name) return placement.nodes[i];
    }
    ADD_FAILURE() << "no node " << name;
    return placement.nodes[0];
  }
  bool Has(const std::string& value) const {
    return placement.values.count(value) > 0;
  }
  const ValuePlacement& Value(const std::string& value) const {
    return placement.values.at(value);
  }
};

Placed Place(const std::string& text, PostTrainingOptions options = {}) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  Placed placed;
  placed.model = *model;
  const std::vector<std::string> ignored(model->graph.nodes.size());
  placed.placement = PlaceQuantizers(placed.model, options, ignored);
  return placed;
}

constexpr char kResidual[] = R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 4] y) {
  w1 = constant float32[8, 8, 3, 3] random(1)
  w2 = constant float32[8, 8, 1, 1] random(2)
  w3 = constant float32[128, 4] random(3)
  [conv1] a = Conv<pads = [1, 1, 1, 1]>(x, w1)
  [relu1] b = Relu(a)
  [conv2] c = Conv(b, w2)
  [add] d = Add(b, c)
  [relu2] e = Relu(d)
  [pool] f = MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(e)
  [flat] g = Flatten(f)
  [head] y = Gemm(g, w3)
})";

TEST(PlacementTest, ResidualBlockForOnnxRuntime) {
  const Placed p = Place(kResidual);
  for (const char* name :
       {"conv1", "relu1", "conv2", "add", "relu2", "pool", "flat", "head"}) {
    EXPECT_TRUE(p.Node(name).quantized) << name << ": " << p.Node(name).why;
  }
  // Quantized after the activation, never before it.
  EXPECT_FALSE(p.Has("a"));
  EXPECT_FALSE(p.Has("d"));
  EXPECT_TRUE(p.Value("b").non_negative);
  EXPECT_FALSE(p.Value("c").non_negative);
  // Carriers keep the scale of what they carry.
  EXPECT_EQ(p.Value("g").group, p.Value("e").group);
  EXPECT_FALSE(p.Value("g").measured);
  EXPECT_TRUE(p.Value("g").non_negative);
  EXPECT_FALSE(p.Has("y"));
  EXPECT_TRUE(p.Node("conv1").half_range);
  EXPECT_FALSE(p.Node("conv2").half_range);
}

TEST(PlacementTest, ResidualBlockForOpenVino) {
  PostTrainingOptions options;
  options.runtime = TargetRuntime::kOpenVino;
  const Placed p = Place(kResidual, options);
  EXPECT_TRUE(p.Node("conv2").quantized);
  EXPECT_FALSE(p.Node("add").quantized);
  EXPECT_TRUE(p.Has("x"));
  EXPECT_TRUE(p.Has("b"));
  EXPECT_FALSE(p.Has("c"));
  EXPECT_FALSE(p.Value("b").for_all_readers);
  EXPECT_FALSE(p.Node("add").why.empty());
}

TEST(PlacementTest, ConvTransposeForOpenVinoAlone) {
  constexpr char kNet[] = R"(
net (float32[1, 4, 6, 6] x) => (float32[1, 2, 12, 12] y) {
  w = constant float32[4, 2, 2, 2] random(1)
  wg = constant float32[2, 1, 1, 1] random(2)
  [up] a = ConvTranspose<strides = [2, 2]>(x, w)
  [groups] y = ConvTranspose<group = 2>(a, wg)
})";
  PostTrainingOptions options;
  EXPECT_FALSE(Place(kNet, options).Node("up").quantized);
  options.runtime = TargetRuntime::kOpenVino;
  const Placed p = Place(kNet, options);
  EXPECT_TRUE(p.Node("up").quantized) << p.Node("up").why;
  EXPECT_FALSE(p.Node("groups").quantized);
}

TEST(PlacementTest, TensorRtQuantizesTheResidualSideOnly) {
  PostTrainingOptions options;
  options.runtime = TargetRuntime::kTensorRt;
  const Placed p = Place(kResidual, options);
  EXPECT_TRUE(p.Node("add").quantized);
  EXPECT_EQ(p.Node("add").inputs, std::vector<int>{0});  // b, not c
  EXPECT_FALSE(p.Has("c"));
}

TEST(PlacementTest, FirstConvOfThreeChannels) {
  const Placed plain = Place(R"(
net (float32[1, 3, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w1 = constant float32[8, 3, 1, 1] random(1)
  w2 = constant float32[4, 8, 1, 1] random(2)
  [first] a = Conv(x, w1)
  [relu] b = Relu(a)
  [second] c = Conv(b, w2)
  [out] y = Softmax(c)
})");
  EXPECT_FALSE(plain.Node("first").quantized);
  EXPECT_NE(plain.Node("first").why.find("MaxPool"), std::string::npos);
  EXPECT_TRUE(plain.Node("second").quantized);
  EXPECT_FALSE(plain.Has("x"));
  EXPECT_TRUE(plain.Value("b").non_negative);
  EXPECT_FALSE(plain.Value("b").for_all_readers);
  EXPECT_TRUE(plain.Value("c").for_all_readers);

  const Placed pooled = Place(R"(
net (float32[1, 3, 8, 8] x) => (float32[1, 4, 4, 4] y) {
  w1 = constant float32[8, 3, 1, 1] random(1)
  w2 = constant float32[4, 8, 1, 1] random(2)
  [first] a = Conv(x, w1)
  [relu] b = Relu(a)
  [pool] p = MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(b)
  [second] c = Conv(p, w2)
  [out] y = Softmax(c)
})");
  EXPECT_TRUE(pooled.Node("first").quantized);
}

constexpr char kHead[] = R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w = constant float32[4, 8, 1, 1] random(1)
  [conv] y = Conv(x, w)
})";

TEST(PlacementTest, ConvThatIsAGraphOutput) {
  const Placed off = Place(kHead);
  EXPECT_FALSE(off.Node("conv").quantized);
  EXPECT_NE(off.Node("conv").why.find("quantize_outputs"), std::string::npos);
  PostTrainingOptions options;
  options.quantize_outputs = true;
  const Placed on = Place(kHead, options);
  EXPECT_TRUE(on.Node("conv").quantized);
  EXPECT_TRUE(on.Has("y"));
}

TEST(PlacementTest, TransformerParts) {
  const Placed p = Place(R"(
net (float32[1, 5, 8] x) => (float32[1, 5, 8] y) {
  scale = constant float32[8] fill(1)
  wq = constant float32[8, 8] random(1)
  bq = constant float32[8] random(2)
  [norm] n = LayerNormalization(x, scale)
  [q] q0 = MatMul(n, wq)
  [q_bias] q1 = Add(q0, bq)
  [scores] s = MatMul(q1, q1)
  [residual] y = Add(x, q1)
})");
  EXPECT_TRUE(p.Node("q").quantized);
  EXPECT_TRUE(p.Node("q_bias").is_bias_add);
  EXPECT_FALSE(p.Node("scores").quantized);
  EXPECT_FALSE(p.Node("residual").quantized);
  EXPECT_TRUE(p.Has("n"));
  EXPECT_FALSE(p.Has("q0"));
  EXPECT_FALSE(p.Has("q1"));
  for (const NodePlacement& node : p.placement.nodes) {
    EXPECT_TRUE(node.quantized || node.is_bias_add || !node.why.empty());
  }
}

TEST(PlacementTest, ConcatThatFeedsAConvSharesOneScale) {
  const Placed p = Place(R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w1 = constant float32[8, 8, 1, 1] random(1)
  w2 = constant float32[8, 8, 1, 1] random(2)
  w3 = constant float32[4, 16, 1, 1] random(3)
  [conv1] a0 = Conv(x, w1)
  [relu] a = Relu(a0)
  [conv2] b = Conv(x, w2)
  [concat] c = Concat<axis = 1>(a, b)
  [conv3] d = Conv(c, w3)
  [out] y = Softmax(d)
})");
  EXPECT_TRUE(p.Node("concat").quantized);
  EXPECT_EQ(p.Value("a").group, p.Value("c").group);
  EXPECT_EQ(p.Value("b").group, p.Value("c").group);
  EXPECT_FALSE(p.Value("c").measured);
  // One of them has negative elements, so none may have zero point 0.
  EXPECT_FALSE(p.Value("a").non_negative);
}

TEST(PlacementTest, SqueezeExciteIsIntegerThroughout) {
  const Placed p = Place(R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w1 = constant float32[8, 8, 1, 1] random(1)
  w2 = constant float32[8, 8, 1, 1] random(2)
  w3 = constant float32[4, 8, 1, 1] random(3)
  [conv1] a0 = Conv(x, w1)
  [swish] a = HardSwish(a0)
  [mean] m = GlobalAveragePool(a)
  [conv2] e = Conv(m, w2)
  [gate] g = HardSigmoid(e)
  [mul] s = Mul(a, g)
  [conv3] d = Conv(s, w3)
  [out] y = Softmax(d)
})");
  for (const char* name :
       {"conv1", "swish", "mean", "conv2", "gate", "mul", "conv3"}) {
    EXPECT_TRUE(p.Node(name).quantized) << name << ": " << p.Node(name).why;
  }
  EXPECT_TRUE(p.Has("g"));  // the product reads integers on both sides
}

TEST(PlacementTest, ChannelShuffleGetsAScaleOfItsOwn) {
  const Placed p = Place(R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w1 = constant float32[8, 8, 1, 1] random(1)
  w2 = constant float32[4, 8, 1, 1] random(2)
  s1 = constant int64[5] {1, 2, 4, 6, 6}
  s2 = constant int64[4] {1, 8, 6, 6}
  [conv1] a = Conv(x, w1)
  [split] b = Reshape(a, s1)
  [turn] c = Transpose<perm = [0, 2, 1, 3, 4]>(b)
  [join] d = Reshape(c, s2)
  [conv2] e = Conv(d, w2)
  [out] y = Softmax(e)
})");
  EXPECT_FALSE(p.Node("turn").quantized);
  EXPECT_TRUE(p.Has("a"));
  EXPECT_TRUE(p.Has("d"));
  EXPECT_NE(p.Value("a").group, p.Value("d").group);
}

TEST(PlacementTest, IgnoredNodesStayFloatAndSayWhy) {
  auto model = ParseModel(kResidual);
  ASSERT_TRUE(model.ok());
  std::vector<std::string> ignored(model->graph.nodes.size());
  ignored[2] = "ignored scope: name conv2";
  const Placement placement =
      PlaceQuantizers(*model, PostTrainingOptions(), ignored);
  EXPECT_FALSE(placement.nodes[2].quantized);
  EXPECT_EQ(placement.nodes[2].why, ignored[2]);
}

}  // namespace
}  // namespace hone
