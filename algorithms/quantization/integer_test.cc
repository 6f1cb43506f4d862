// On every layer of quantized networks the integer kernels equal the simulation
// bit for bit. Real ones: bazel run //kernels/exec:integer_check -- MODEL.onnx
#include <string>

#include "algorithms/quantization/post_training.h"
#include "algorithms/runner/runner.h"
#include "algorithms/testing/array_source.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/onnx/read_model.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/testing/simulation.h"

namespace hone {
namespace {

// A stem, a block with a projection, a block without, a classifier.
constexpr char kResNet[] = R"(
net (float32[N, 3, 33, 31] x) => (float32[N, 10] y) {
  w0 = constant float32[16, 3, 7, 7] random(1, -0.1, 0.1)
  b0 = constant float32[16] random(2)
  w1 = constant float32[24, 16, 3, 3] random(3, -0.1, 0.1)
  b1 = constant float32[24] random(4)
  w2 = constant float32[24, 24, 3, 3] random(5, -0.1, 0.1)
  b2 = constant float32[24] random(6)
  w3 = constant float32[24, 16, 1, 1] random(7, -0.3, 0.3)
  b3 = constant float32[24] random(8)
  w4 = constant float32[24, 24, 3, 3] random(9, -0.1, 0.1)
  b4 = constant float32[24] random(10)
  fc = constant float32[10, 24] random(11)
  fb = constant float32[10] random(12)
  c0 = Conv<pads = [3, 3, 3, 3], strides = [2, 2]>(x, w0, b0)
  r0 = Relu(c0)
  p0 = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [2, 2]>(r0)
  c1 = Conv<pads = [1, 1, 1, 1], strides = [2, 2]>(p0, w1, b1)
  r1 = Relu(c1)
  c2 = Conv<pads = [1, 1, 1, 1]>(r1, w2, b2)
  c3 = Conv<strides = [2, 2]>(p0, w3, b3)
  a1 = Add(c2, c3)
  r2 = Relu(a1)
  c4 = Conv<pads = [1, 1, 1, 1]>(r2, w4, b4)
  a2 = Add(c4, r2)
  r3 = Relu(a2)
  g = GlobalAveragePool(r3)
  f = Flatten(g)
  y = Gemm<transB = 1>(f, fc, fb)
})";

// Inverted residuals with Clip, one with squeeze and excite.
constexpr char kMobileNet[] = R"(
net (float32[N, 3, 32, 32] x) => (float32[N, 10] y) {
  zero = constant float32[] {0}
  six = constant float32[] {6}
  w0 = constant float32[16, 3, 3, 3] random(1, -0.3, 0.3)
  b0 = constant float32[16] random(2)
  e1 = constant float32[72, 16, 1, 1] random(3, -0.3, 0.3)
  f1 = constant float32[72] random(4)
  d1 = constant float32[72, 1, 3, 3] random(5)
  g1 = constant float32[72] random(6)
  p1 = constant float32[16, 72, 1, 1] random(7, -0.2, 0.2)
  q1 = constant float32[16] random(8)
  d2 = constant float32[16, 1, 5, 5] random(9)
  g2 = constant float32[16] random(10)
  s1 = constant float32[8, 16, 1, 1] random(11)
  t1 = constant float32[8] random(12)
  s2 = constant float32[16, 8, 1, 1] random(13)
  t2 = constant float32[16] random(14)
  fc = constant float32[10, 16] random(15)
  fb = constant float32[10] random(16)
  c0 = Conv<pads = [1, 1, 1, 1], strides = [2, 2]>(x, w0, b0)
  r0 = Clip(c0, zero, six)
  c1 = Conv(r0, e1, f1)
  r1 = Clip(c1, zero, six)
  c2 = Conv<pads = [1, 1, 1, 1], group = 72>(r1, d1, g1)
  r2 = Clip(c2, zero, six)
  c3 = Conv(r2, p1, q1)
  a1 = Add(r0, c3)
  c4 = Conv<pads = [2, 2, 2, 2], strides = [2, 2], group = 16>(a1, d2, g2)
  r4 = HardSwish(c4)
  m = GlobalAveragePool(r4)
  c5 = Conv(m, s1, t1)
  r5 = Relu(c5)
  c6 = Conv(r5, s2, t2)
  h = HardSigmoid<alpha = 0.16666667>(c6)
  e = Mul(r4, h)
  g = GlobalAveragePool(e)
  f = Flatten(g)
  y = Gemm<transB = 1>(f, fc, fb)
})";

// At least `operators` integer operators, and no value that differs.
void Check(const Model& model, int operators) {
  ArraySource source(model, 4);
  Runner runner({});
  const auto quantized = QuantizePostTraining(model, source, {}, runner);
  ASSERT_TRUE(quantized.ok()) << quantized.status();
  const auto check = CompareWithSimulation(
      quantized->model, SimulationInputs(quantized->model, 2));
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_GE(check->operators, operators);
  EXPECT_GE(check->values, operators);
  EXPECT_TRUE(check->different.empty())
      << check->different.size() << " differ, first " << check->different[0];
}

Model Parse(const char* text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *model : Model();
}

TEST(IntegerTest, ResNet) { Check(Parse(kResNet), 10); }

TEST(IntegerTest, MobileNet) { Check(Parse(kMobileNet), 11); }

TEST(IntegerTest, BundledModel) {
  const auto model = ReadModel("datasets/models/fashion_mobilenet.onnx");
  ASSERT_TRUE(model.ok()) << model.status();
  Check(*model, 36);
}

}  // namespace
}  // namespace hone
