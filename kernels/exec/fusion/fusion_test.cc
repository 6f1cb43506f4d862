#include "kernels/exec/fusion/fusion.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

// One fusion, a graph that it fits, and steps with it and without any.
struct Case {
  const char* fusion;
  const char* what;
  const char* graph;
  int steps;
  int unfused_steps;
};

const Case kCases[] = {
    {"identity", "Identity and Dropout",
     R"(net (float32[N, 4] x) => (? y) {
       a = Identity(x)  b = Dropout(a)  c = Relu(b)  y = Cast<to = 1>(c) })",
     // What is left of the Cast makes the output, so it stays.
     2, 4},
    {"integer", "elementwise operators between scales",
     R"(net (float32[N, 4] x) => (? y) {
       s = constant float32[] {0.25}  z = constant uint8[] {128}
       q = QuantizeLinear(x, s, z)  d = DequantizeLinear(q, s, z)
       a = Relu(d)  b = Neg(a)
       r = QuantizeLinear(b, s, z)  y = DequantizeLinear(r, s, z) })",
     3, 6},
    {"conv_batch_norm", "Conv with a bias",
     R"(net (float32[N, 2, 6, 6] x) => (? y) {
       w = constant float32[4, 2, 3, 3] random(1)
       b = constant float32[4] random(2)
       s = constant float32[4] random(3)  o = constant float32[4] random(4)
       m = constant float32[4] random(5)
       v = constant float32[4] random(6, 0.5, 2)
       t = Conv(x, w, b)  y = BatchNormalization(t, s, o, m, v) })",
     1, 2},
    {"conv_batch_norm", "grouped ConvTranspose",
     R"(net (float32[N, 4, 5, 5] x) => (? y) {
       w = constant float32[4, 3, 2, 2] random(1)
       s = constant float32[6] random(3)  o = constant float32[6] random(4)
       m = constant float32[6] random(5)
       v = constant float32[6] random(6, 0.5, 2)
       t = ConvTranspose<group = 2>(x, w)
       y = BatchNormalization(t, s, o, m, v) })",
     1, 2},
    {"conv_bias", "a constant per channel",
     R"(net (float32[N, 2, 6, 6] x) => (? y) {
       w = constant float32[4, 2, 3, 3] random(1)
       b = constant float32[4] random(2)
       c = constant float32[1, 4, 1, 1] random(3)
       t = Conv(x, w, b)  y = Add(c, t) })",
     1, 2},
    {"conv_add", "a residual and its activation",
     R"(net (float32[N, 4, 6, 6] x) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       t = Conv(x, w)  u = Add(x, t)  y = Relu(u) })",
     1, 3},
    {"conv_add", "two convolutions",
     R"(net (float32[N, 4, 6, 6] x) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       v = constant float32[4, 4, 3, 3] random(2)
       a = Conv(x, w)  b = Conv<pads = [1, 1, 1, 1]>(x, v)  y = Add(a, b) })",
     2, 3},
    {"conv_activation", "Clip",
     R"(net (float32[N, 4, 6, 6] x) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       low = constant float32[] {-0.25}  high = constant float32[] {0.5}
       t = Conv(x, w)  y = Clip(t, low, high) })",
     1, 2},
    {"conv_activation", "LeakyRelu of a depthwise convolution",
     R"(net (float32[N, 4, 6, 6] x) => (? y) {
       w = constant float32[4, 1, 3, 3] random(1)
       t = Conv<group = 4>(x, w)  y = LeakyRelu<alpha = 0.25>(t) })",
     1, 2},
    {"conv_activation", "HardSigmoid",
     R"(net (float32[N, 4, 6, 6] x) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       t = Conv(x, w)  y = HardSigmoid<alpha = 0.3>(t) })",
     1, 2},
    {"hard_swish", "written out, after a convolution",
     R"(net (float32[N, 4, 6, 6] x) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1, -3, 3)
       three = constant float32[] {3}  six = constant float32[] {6}
       zero = constant float32[] {0}
       t = Conv(x, w)  a = Add(t, three)  c = Clip(a, zero, six)
       m = Mul(t, c)  y = Div(m, six) })",
     1, 5},
    {"hard_swish", "x * HardSigmoid(x)",
     R"(net (float32[N, 4] x) => (? y) {
       h = HardSigmoid<alpha = 0.16666667>(x)  y = Mul(h, x) })",
     1, 2},
    {"hard_swish", "Clip(x + 3, 0, 6) / 6 alone",
     R"(net (float32[N, 4] x) => (? y) {
       three = constant float32[] {3}  six = constant float32[] {6}
       zero = constant float32[] {0}
       a = Add(three, x)  c = Clip(a, zero, six)  y = Div(c, six) })",
     1, 3},
    {"silu", "x * Sigmoid(x)",
     R"(net (float32[N, 4] x) => (? y) { s = Sigmoid(x)  y = Mul(x, s) })", 1,
     2},
    {"gelu", "x / sqrt 2, halved last",
     R"(net (float32[N, 4] x) => (? y) {
       r = constant float32[] {1.41421354}  one = constant float32[] {1}
       half = constant float32[] {0.5}
       a = Div(x, r)  e = Erf(a)  s = Add(e, one)  p = Mul(x, s)
       y = Mul(p, half) })",
     1, 5},
    {"gelu", "halved first, into a product",
     R"(net (float32[N, 4] x) => (? y) {
       w = constant float32[4, 5] random(1)
       r = constant float32[] {0.70710677}  one = constant float32[] {1}
       half = constant float32[] {0.5}
       t = MatMul(x, w)  h = Mul(half, t)  a = Mul(t, r)  e = Erf(a)
       s = Add(one, e)  y = Mul(h, s) })",
     1, 6},
    {"matmul_bias", "MatMul and a bias of two axes",
     R"(net (float32[N, 3, 4] x) => (? y) {
       w = constant float32[4, 5] random(1)
       b = constant float32[1, 5] random(2)
       t = MatMul(x, w)  y = Add(b, t) })",
     1, 2},
    {"matmul_bias", "Gemm without C",
     R"(net (float32[N, 4] x) => (? y) {
       w = constant float32[5, 4] random(1)  b = constant float32[5] random(2)
       t = Gemm<transB = 1, alpha = 0.5, beta = 3.0>(x, w)  y = Add(t, b) })",
     1, 2},
    {"matmul_activation", "Gemm and Relu",
     R"(net (float32[N, 4] x) => (? y) {
       w = constant float32[4, 5] random(1)  b = constant float32[5] random(2)
       t = Gemm(x, w, b)  y = Relu(t) })",
     1, 2},
    {"quantize_dequantize", "two readers of one quantized value",
     R"(net (float32[N, 4] x) => (? y) {
       s = constant float32[] {0.02}  z = constant uint8[] {100}
       q = QuantizeLinear(x, s, z)
       a = DequantizeLinear(q, s, z)  b = DequantizeLinear(q, s, z)
       y = Add(a, b) })",
     2, 4},
    {"quantize_dequantize", "one scale a channel",
     R"(net (float32[N, 3] x) => (? y) {
       s = constant float32[3] {0.02, 0.1, 0.5}
       z = constant int8[3] {0, 3, -5}
       q = QuantizeLinear<axis = 1>(x, s, z)
       y = DequantizeLinear<axis = 1>(q, s, z) })",
     1, 2},
};

// Graphs that look like a case and are none: as many steps as without fusion.
const Case kNegative[] = {
    {"conv_batch_norm", "the convolution has another reader",
     R"(net (float32[N, 2, 6, 6] x) => (? y, ? z) {
       w = constant float32[4, 2, 3, 3] random(1)
       s = constant float32[4] random(3)  o = constant float32[4] random(4)
       m = constant float32[4] random(5)
       v = constant float32[4] random(6, 0.5, 2)
       t = Conv(x, w)  y = BatchNormalization(t, s, o, m, v)
       z = Sigmoid(t) })",
     3, 3},
    {"conv_activation", "the convolution is an output",
     R"(net (float32[N, 4, 6, 6] x) => (? t, ? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       t = Conv(x, w)  y = Relu(t) })",
     2, 2},
    {"conv_add", "the residual is broadcast",
     R"(net (float32[N, 4, 6, 6] x, float32[N, 4, 1, 1] r) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       t = Conv(x, w)  y = Add(t, r) })",
     2, 2},
    {"conv_bias", "a constant along another axis",
     R"(net (float32[N, 4, 6, 4] x) => (? y) {
       w = constant float32[4, 4, 1, 1] random(1)
       c = constant float32[4] random(3)
       t = Conv(x, w)  y = Add(c, t) })",
     2, 2},
    {"hard_swish", "another slope",
     R"(net (float32[N, 4] x) => (? y) {
       h = HardSigmoid<alpha = 0.2>(x)  y = Mul(h, x) })",
     2, 2},
    {"gelu", "another factor",
     R"(net (float32[N, 4] x) => (? y) {
       r = constant float32[] {0.70710677}  one = constant float32[] {1}
       a = Mul(x, r)  e = Erf(a)  s = Add(one, e)  y = Mul(x, s) })",
     4, 4},
    {"matmul_bias", "the sum has more axes than the product",
     R"(net (float32[N, 4] x) => (? y) {
       w = constant float32[4, 5] random(1)
       b = constant float32[1, 1, 5] random(2)
       t = MatMul(x, w)  y = Add(b, t) })",
     2, 2},
    {"quantize_dequantize", "another scale on the way back",
     R"(net (float32[N, 4] x) => (? y) {
       s = constant float32[] {0.02}  r = constant float32[] {0.03}
       z = constant uint8[] {100}
       q = QuantizeLinear(x, s, z)  y = DequantizeLinear(q, r, z) })",
     2, 2},
};

struct Result {
  int steps = 0;
  std::vector<Value> outputs;
};

Result RunWith(const Model& model, const CompileOptions& options) {
  Result result;
  const auto plan = Compile(model, options);
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return result;
  const std::string text = (*plan)->ToString();
  result.steps = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  std::vector<Value> inputs;
  for (const ValueInfo& input : model.graph.inputs) {
    Dims dims;
    for (const Dim& dim : *input.type.shape) {
      dims.push_back(dim.known() ? dim.value : 3);
    }
    inputs.emplace_back(RandomTensor(dims, 9, -4, 4));
  }
  Workspace workspace;
  ThreadPool pool(1);
  RunOptions run;
  run.pool = &pool;
  const auto outputs = (*plan)->Run(workspace, inputs, run);
  EXPECT_TRUE(outputs.ok()) << outputs.status();
  if (outputs.ok()) result.outputs = *outputs;
  return result;
}

void ExpectSame(const Result& a, const Result& b, const char* what) {
  ASSERT_EQ(a.outputs.size(), b.outputs.size()) << what;
  for (size_t i = 0; i < a.outputs.size(); ++i) {
    EXPECT_LT(LargestError(a.outputs[i].tensor(), b.outputs[i].tensor()), 2e-5)
        << what;
  }
}

void Check(const Case& c) {
  SCOPED_TRACE(std::string(c.fusion) + ": " + c.what);
  const absl::StatusOr<Model> model = ParseModel(c.graph);
  ASSERT_TRUE(model.ok()) << model.status();
  CompileOptions none;
  none.no_fuse = {"all"};
  CompileOptions without;
  without.no_fuse = {c.fusion};
  CompileOptions reference;
  reference.reference = true;
  const Result fused = RunWith(*model, {});
  const Result unfused = RunWith(*model, none);
  EXPECT_EQ(fused.steps, c.steps);
  EXPECT_EQ(unfused.steps, c.unfused_steps);
  if (c.steps < c.unfused_steps) {
    EXPECT_GT(RunWith(*model, without).steps, c.steps);
  }
  ExpectSame(fused, unfused, "unfused");
  ExpectSame(fused, RunWith(*model, reference), "reference");
}

TEST(Fusion, KeepsTheOutputsAndSavesSteps) {
  for (const Case& c : kCases) Check(c);
}

TEST(Fusion, LeavesWhatDoesNotFit) {
  for (const Case& c : kNegative) Check(c);
}

TEST(Fusion, EveryFusionHasACase) {
  for (const Fusion& fusion : AllFusions()) {
    // It saves time, not steps: blocks/channel_blocks_test.cc.
    if (fusion.name == "channel_blocks") continue;
    EXPECT_TRUE(
        std::any_of(std::begin(kCases), std::end(kCases),
                    [&](const Case& c) { return c.fusion == fusion.name; }))
        << fusion.name;
  }
}

TEST(Fusion, ATappedValueStays) {
  const absl::StatusOr<Model> model = ParseModel(kCases[7].graph);
  ASSERT_TRUE(model.ok()) << model.status();
  CompileOptions options;
  options.taps = {"t"};
  EXPECT_EQ(RunWith(*model, options).steps, 2);
}

}  // namespace
}  // namespace hone
