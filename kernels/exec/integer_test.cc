// Q/DQ graphs on integers: which patterns become which operators, that they
// equal their simulation, and what is left alone.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/simulate.h"
#include "kernels/exec/testing/model_maker.h"
#include "kernels/exec/testing/simulation.h"

namespace hone {
namespace {

Model Parse(const std::string& text) {
  const absl::StatusOr<Model> model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *model : Model();
}

std::string PlanOf(const Model& model, const CompileOptions& options = {}) {
  const auto plan = Compile(model, options);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? (*plan)->ToString() : "";
}

// `operators` integer operators, equal to their simulation.
void ExpectIntegers(const std::string& text, int operators) {
  const Model model = Parse(text);
  const auto check = CompareWithSimulation(model, SimulationInputs(model, 3));
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->operators, operators) << PlanOf(model);
  EXPECT_TRUE(check->different.empty()) << check->different[0];
}

// x quantized, and scales for everything.
constexpr char kHead[] = R"(
net (float32[N, 8, 9, 7] x) => (? y) {
  sx = constant float32[] {0.01}
  zx = constant uint8[] {100}
  sy = constant float32[] {0.05}
  zy = constant uint8[] {120}
  sz = constant float32[] {0.04}
  z0 = constant uint8[] {0}
  q = QuantizeLinear(x, sx, zx)
  d = DequantizeLinear(q, sx, zx)
)";

// Weights with a scale for each of 4 channels, and an int32 bias.
constexpr char kWeights[] = R"(
  w8 = constant int8[4, 8, 3, 3] random(1)
  sw = constant float32[4] {0.001, 0.002, 0.003, 0.0015}
  w = DequantizeLinear<axis = 0>(w8, sw)
  b32 = constant int32[4] {1000, -2000, 0, 30000}
  sxf = constant float32[1] {0.01}
  sb = Mul(sxf, sw)
  b = DequantizeLinear<axis = 0>(b32, sb)
)";

std::string Net(const std::string& body) {
  return absl::StrCat(kHead, kWeights, body, "}");
}

TEST(Integer, ConvWithActivationToBytes) {
  ExpectIntegers(Net(R"(
    c = Conv<pads = [1, 1, 1, 1]>(d, w, b)
    q1 = QuantizeLinear(c, sy, zy)
    y = DequantizeLinear(q1, sy, zy))"),
                 1);
  ExpectIntegers(Net(R"(
    c = Conv<pads = [1, 0, 1, 2], strides = [2, 1]>(d, w, b)
    r = Relu(c)
    q1 = QuantizeLinear(r, sy, z0)
    y = DequantizeLinear(q1, sy, z0))"),
                 1);
  ExpectIntegers(Net(R"(
    low = constant float32[] {-0.5}
    high = constant float32[] {1.5}
    c = Conv(d, w)
    r = Clip(c, low, high)
    y = QuantizeLinear(r, sy, zy))"),
                 1);
}

TEST(Integer, ConvToFloat) {
  ExpectIntegers(Net("y = Conv(d, w, b)"), 1);
  ExpectIntegers(Net("c = Conv(d, w, b) y = Relu(c)"), 1);
}

TEST(Integer, DepthwiseAndGroups) {
  ExpectIntegers(absl::StrCat(kHead, R"(
    w8 = constant int8[8, 1, 3, 3] random(1)
    sw = constant float32[] {0.01}
    w = DequantizeLinear(w8, sw)
    c = Conv<group = 8, pads = [1, 1, 1, 1], strides = [2, 2]>(d, w)
    y = QuantizeLinear(c, sy, zy) })"),
                 1);
  ExpectIntegers(absl::StrCat(kHead, R"(
    w8 = constant uint8[6, 4, 3, 3] random(1, 5, 250)
    sw = constant float32[] {0.01}
    zw = constant uint8[] {128}
    w = DequantizeLinear(w8, sw, zw)
    c = Conv<group = 2>(d, w)
    y = QuantizeLinear(c, sy, zy) })"),
                 1);
}

TEST(Integer, SignedActivations) {
  ExpectIntegers(R"(
  net (float32[N, 8, 9, 7] x) => (? y) {
    sx = constant float32[] {0.01}
    zx = constant int8[] {-5}
    sy = constant float32[] {0.2}
    zy = constant int8[] {3}
    w8 = constant int8[4, 8, 3, 3] random(1)
    v8 = constant int8[4, 1, 3, 3] random(2)
    sw = constant float32[] {0.01}
    w = DequantizeLinear(w8, sw)
    v = DequantizeLinear(v8, sw)
    q = QuantizeLinear(x, sx, zx)
    d = DequantizeLinear(q, sx, zx)
    c = Conv<pads = [1, 1, 1, 1]>(d, w)
    q1 = QuantizeLinear(c, sy, zy)
    d1 = DequantizeLinear(q1, sy, zy)
    c2 = Conv<pads = [1, 1, 1, 1], group = 4>(d1, v)
    q2 = QuantizeLinear(c2, sy, zy)
    d2 = DequantizeLinear(q2, sy, zy)
    a = Add(d1, d2)
    q3 = QuantizeLinear(a, sy, zy)
    d3 = DequantizeLinear(q3, sy, zy)
    m = MaxPool<kernel_shape = [2, 2]>(d3)
    q4 = QuantizeLinear(m, sy, zy)
    d4 = DequantizeLinear(q4, sy, zy)
    t = Tanh(d4)
    q5 = QuantizeLinear(t, sx, zx)
    d5 = DequantizeLinear(q5, sx, zx)
    g = GlobalAveragePool(d5)
    y = QuantizeLinear(g, sx, zx)
  })",
                 6);
}

TEST(Integer, GemmAndMatMul) {
  const char* const head = R"(
  net (float32[N, 33] x) => (? y) {
    sx = constant float32[] {0.01}
    zx = constant uint8[] {100}
    sy = constant float32[] {0.5}
    sw = constant float32[3] {0.01, 0.02, 0.03}
    sxf = constant float32[1] {0.01}
    sb = Mul(sxf, sw)
    b32 = constant int32[3] {1000, -2000, 55}
    b = DequantizeLinear<axis = 0>(b32, sb)
    q = QuantizeLinear(x, sx, zx)
    d = DequantizeLinear(q, sx, zx)
)";
  ExpectIntegers(absl::StrCat(head, R"(
    w8 = constant int8[3, 33] random(1)
    w = DequantizeLinear<axis = 0>(w8, sw)
    y = Gemm<transB = 1>(d, w, b) })"),
                 1);
  ExpectIntegers(absl::StrCat(head, R"(
    w8 = constant int8[33, 3] random(1)
    w = DequantizeLinear<axis = 1>(w8, sw)
    m = MatMul(d, w)
    s = Add(b, m)
    r = Relu(s)
    y = QuantizeLinear(r, sy, zx) })"),
                 1);
}

TEST(Integer, SumsProductsPoolsConcat) {
  ExpectIntegers(Net(R"(
    c = Conv<pads = [1, 1, 1, 1]>(d, w, b)
    q1 = QuantizeLinear(c, sy, zy)
    d1 = DequantizeLinear(q1, sy, zy)
    p = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(d1)
    q2 = QuantizeLinear(p, sy, zy)
    d2 = DequantizeLinear(q2, sy, zy)
    a = Add(d1, d2)
    r = Relu(a)
    q3 = QuantizeLinear(r, sz, z0)
    d3 = DequantizeLinear(q3, sz, z0)
    g = GlobalAveragePool(d3)
    q4 = QuantizeLinear(g, sz, z0)
    d4 = DequantizeLinear(q4, sz, z0)
    m = Mul(d3, d4)
    q5 = QuantizeLinear(m, sx, z0)
    d5 = DequantizeLinear(q5, sx, z0)
    k = Concat<axis = 1>(d5, d1, d)
    q6 = QuantizeLinear(k, sy, zy)
    d6 = DequantizeLinear(q6, sy, zy)
    v = AveragePool<kernel_shape = [2, 3], strides = [2, 2]>(d6)
    y = QuantizeLinear(v, sx, zx))"),
                 7);
}

TEST(Integer, LookUps) {
  // HardSwish as ONNX Runtime wants it is one look-up; then a Sigmoid.
  ExpectIntegers(Net(R"(
    three8 = constant uint8[] {255}
    s3 = constant float32[] {0.011764706}
    three = DequantizeLinear(three8, s3, z0)
    zero = constant float32[] {0}
    six = constant float32[] {6}
    s6 = constant float32[] {0.0235}
    c = Conv(d, w, b)
    q1 = QuantizeLinear(c, sy, zy)
    d1 = DequantizeLinear(q1, sy, zy)
    a = Add(d1, three)
    r = Clip(a, zero, six)
    q2 = QuantizeLinear(r, s6, z0)
    d2 = DequantizeLinear(q2, s6, z0)
    m = Mul(d1, d2)
    q3 = QuantizeLinear(m, sy, zy)
    d3 = DequantizeLinear(q3, sy, zy)
    s = Sigmoid(d3)
    y = QuantizeLinear(s, sx, z0))"),
                 3);
}

TEST(Integer, LookUpsEqualTheFloatKernels) {
  const Model model = Parse(absl::StrCat(kHead, R"(
    s = HardSwish(d)
    y = QuantizeLinear(s, sy, zy) })"));
  EXPECT_TRUE(absl::StrContains(PlanOf(model), "int8.table"));
  CompileOptions floats;
  floats.no_fuse = {"integer"};
  EXPECT_FALSE(absl::StrContains(PlanOf(model, floats), "int8."));
  ThreadPool pool(1);
  Workspace workspace;
  RunOptions run;
  run.pool = &pool;
  const Tensor x = RandomTensor({2, 8, 9, 7}, 1, -3, 3);
  const auto a = (*Compile(model, {}))->Run(workspace, {x}, run);
  const auto b = (*Compile(model, floats))->Run(workspace, {x}, run);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(BitwiseEqual((*a)[0].tensor(), (*b)[0].tensor()));
}

TEST(Integer, KnownAnswer) {
  // 2 * (x - 100) with x = 103, scales 0.5 and 0.25: (3 * 2 + 1) * 0.125 / 0.5
  // = 1.75, to 2 above the zero point.
  const Model model = Parse(R"(
  net (uint8[1, 1, 1, 1] x) => (? y) {
    sx = constant float32[] {0.5}
    zx = constant uint8[] {100}
    w8 = constant int8[1, 1, 1, 1] {2}
    sw = constant float32[] {0.25}
    b32 = constant int32[1] {1}
    sb = constant float32[] {0.125}
    sy = constant float32[] {0.5}
    zy = constant uint8[] {10}
    d = DequantizeLinear(x, sx, zx)
    w = DequantizeLinear(w8, sw)
    b = DequantizeLinear(b32, sb)
    c = Conv(d, w, b)
    y = QuantizeLinear(c, sy, zy)
  })");
  ThreadPool pool(1);
  Workspace workspace;
  RunOptions run;
  run.pool = &pool;
  const Tensor x = Tensor::FromVector<uint8_t>({1, 1, 1, 1}, {uint8_t{103}});
  for (const auto& plan : {Compile(model, {}), CompileSimulation(model, {})}) {
    ASSERT_TRUE(plan.ok()) << plan.status();
    const auto y = (*plan)->Run(workspace, {x}, run);
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_EQ((*y)[0].tensor().Values<uint8_t>()[0], 12);
  }
}

TEST(Integer, MovesStayIntegers) {
  const Model model = Parse(absl::StrCat(kHead, R"(
    t = Transpose<perm = [0, 2, 3, 1]>(d)
    q1 = QuantizeLinear(t, sx, zx)
    d1 = DequantizeLinear(q1, sx, zx)
    f = Flatten(d1)
    q2 = QuantizeLinear(f, sx, zx)
    y = DequantizeLinear(q2, sx, zx) })"));
  const std::string plan = PlanOf(model);
  // Of x once, and nothing back in between.
  EXPECT_EQ(plan.find("quantize"), plan.rfind("QuantizeLinear quantize") + 15)
      << plan;
  const auto check = CompareWithSimulation(model, SimulationInputs(model, 2));
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_TRUE(check->different.empty());
}

TEST(Integer, LeavesOthersAlone) {
  const auto expect_floats = [](const std::string& text) {
    EXPECT_FALSE(absl::StrContains(PlanOf(Parse(text)), "int8.")) << text;
  };
  // A float bias, and one of another scale.
  expect_floats(Net(R"(
    f = constant float32[4] {1, 2, 3, 4}
    c = Conv(d, w, f)
    y = QuantizeLinear(c, sy, zy))"));
  expect_floats(Net(R"(
    other = DequantizeLinear(b32, sy)
    c = Conv(d, w, other)
    y = QuantizeLinear(c, sy, zy))"));
  // Weights that int8 lacks once their zero point is gone.
  expect_floats(absl::StrCat(kHead, R"(
    w8 = constant uint8[4, 8, 1, 1] random(1)
    sw = constant float32[] {0.01}
    w = DequantizeLinear(w8, sw)
    c = Conv(d, w)
    y = QuantizeLinear(c, sy, zy) })"));
  // Pools that change the scale stay floats for maxima.
  expect_floats(absl::StrCat(kHead, R"(
    m = MaxPool<kernel_shape = [2, 2]>(d)
    y = QuantizeLinear(m, sy, zy) })"));
  // Weights that are no constant.
  expect_floats(absl::StrCat(kHead, R"(
    c = Conv(d, d)
    y = QuantizeLinear(c, sy, zy) })"));
}

TEST(Integer, TapsKeepFloats) {
  const Model model = Parse(Net(R"(
    c = Conv(d, w, b)
    r = Relu(c)
    q1 = QuantizeLinear(r, sy, z0)
    y = DequantizeLinear(q1, sy, z0))"));
  CompileOptions options;
  options.taps = {"c"};
  // The sums leave as floats; what follows is not part of them.
  EXPECT_TRUE(absl::StrContains(PlanOf(model, options), "int8.conv"));
  EXPECT_TRUE(absl::StrContains(PlanOf(model, options), "Relu"));
  options.taps = {"d"};
  EXPECT_TRUE(absl::StrContains(PlanOf(model, options), "int8.conv"));
}

TEST(Integer, DynamicExtents) {
  const Model model = Parse(R"(
  net (float32[N, 4, H, W] x) => (? y) {
    s = constant float32[] {0.02}
    z = constant uint8[] {100}
    w8 = constant int8[8, 4, 3, 3] random(1)
    w = DequantizeLinear(w8, s)
    q = QuantizeLinear(x, s, z)
    d = DequantizeLinear(q, s, z)
    c = Conv<pads = [1, 1, 1, 1], strides = [2, 2]>(d, w)
    q1 = QuantizeLinear(c, s, z)
    d1 = DequantizeLinear(q1, s, z)
    g = GlobalAveragePool(d1)
    y = QuantizeLinear(g, s, z)
  })");
  for (const int64_t extent : {1, 2, 5, 16}) {
    const auto check =
        CompareWithSimulation(model, SimulationInputs(model, extent));
    ASSERT_TRUE(check.ok()) << check.status();
    EXPECT_EQ(check->operators, 2);
    EXPECT_TRUE(check->different.empty());
  }
}

}  // namespace
}  // namespace hone
