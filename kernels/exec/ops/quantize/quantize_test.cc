#include "kernels/exec/ops/quantize/quantize.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/ops/testing/run_kernel.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string At(int opset, const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": " + std::to_string(opset) +
         "]>\n" + body;
}

TEST(QuantizeLinear, PerTensorRoundsHalfToEvenAndSaturates) {
  ExpectOutputs(At(13, R"(net () => (uint8[6] y) {
    x = constant float32[6] {1, 3, 5, -1, 600, -600}
    s = constant float32[] {2}
    z = constant uint8[] {128}
    y = QuantizeLinear(x, s, z)
  })"),
                {"uint8[6] {128, 130, 130, 128, 255, 0}"});
}

TEST(QuantizeLinear, PerAxisFirstAndLast) {
  ExpectOutputs(
      At(13, R"(net () => (int8[2, 3] y, int8[2, 3] t) {
    x = constant float32[2, 3] {1, 2, 3, 4, 5, 6}
    s = constant float32[2] {1, 2}
    z = constant int8[2] {0, -1}
    y = QuantizeLinear<axis = 0>(x, s, z)
    s2 = constant float32[3] {1, 0.5, 0.25}
    z2 = constant int8[3] {0, 0, 10}
    t = QuantizeLinear<axis = -1>(x, s2, z2)
  })"),
      {"int8[2, 3] {1, 2, 3, 1, 1, 2}", "int8[2, 3] {1, 4, 22, 4, 10, 34}"});
}

TEST(QuantizeLinear, BlocksWithAShorterLastOne) {
  ExpectOutputs(At(21, R"(net () => (int4[2, 5] y, float32[2, 5] x2) {
    x = constant float32[2, 5] {1, 2, 3, 4, 5, -1, -2, -30, 4, 6}
    s = constant float32[2, 3] {1, 2, 4, 1, 2, 2}
    z = constant int4[2, 3] {0, 0, 0, 0, 1, 0}
    y = QuantizeLinear<axis = 1, block_size = 2>(x, s, z)
    x2 = DequantizeLinear<axis = 1, block_size = 2>(y, s, z)
  })"),
                {"int4[2, 5] {1, 2, 2, 2, 1, -1, -2, -8, 3, 3}",
                 "float32[2, 5] {1, 2, 4, 4, 4, -1, -2, -18, 4, 6}"});
}

TEST(QuantizeDequantize, EqualsItsTwoHalves) {
  const auto halves =
      RunText(At(13, R"(net () => (float32[3, 40] y, float32[3, 40] x) {
    c = constant float32[3, 40] random(3, -4, 4)
    s = constant float32[3] {0.05, 0.011, 0.02}
    z = constant int8[3] {0, 3, -128}
    q = QuantizeLinear<axis = 0>(c, s, z)
    y = DequantizeLinear<axis = 0>(q, s, z)
    x = Identity(c)
  })"),
              /*reference=*/false);
  ASSERT_TRUE(halves.ok()) << halves.status();
  KernelRun run;
  run.node.op_type = "QuantizeDequantize";
  run.node.domain = "hone.internal";
  run.node.inputs = {"x", "s", "z"};
  run.node.outputs = {"y"};
  run.node.attributes = {Attribute::Int("axis", 0)};
  run.inputs = {(*halves)[1],
                Tensor::FromVector<float>({3}, {0.05f, 0.011f, 0.02f}),
                Tensor::FromVector<int8_t>({3}, {0, 3, -128})};
  run.constant = {false, true, true};
  run.output = {3, 40};
  for (const bool reference : {false, true}) {
    run.reference = reference;
    const auto y = RunKernel(MakeQuantizeDequantize, run);
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_TRUE(BitwiseEqual(*y, (*halves)[0]));
  }
}

TEST(DequantizeLinear, Int32OfABias) {
  ExpectOutputs(At(13, R"(net () => (float32[3] y) {
    x = constant int32[3] {-7, 1000, 65536}
    s = constant float32[3] {0.5, 0.25, 2}
    y = DequantizeLinear<axis = 0>(x, s)
  })"),
                {"float32[3] {-3.5, 250, 131072}"});
}

TEST(DynamicQuantizeLinear, ZeroStaysExact) {
  ExpectOutputs(At(13, R"(net () => (uint8[3] y, float32[] s, uint8[] z) {
    x = constant float32[3] {-51, 0, 204}
    y, s, z = DynamicQuantizeLinear(x)
  })"),
                {"uint8[3] {0, 51, 255}", "float32[] {1}", "uint8[] {51}"});
}

TEST(QuantizeLinear, SaysWhatIsWrong) {
  ExpectFailure(At(13, R"(net () => (uint8[2] y) {
    x = constant float32[2] {1, 2}
    s = constant float32[] {0}
    [q1] y = QuantizeLinear(x, s)
  })"),
                "node q1: a scale of no use: expected positive and finite");
  ExpectFailure(At(13, R"(net () => (uint8[2, 2] y) {
    x = constant float32[2, 2] {1, 2, 3, 4}
    s = constant float32[3] {1, 1, 1}
    [q1] y = QuantizeLinear<axis = 1>(x, s)
  })"),
                "q1");
}

}  // namespace
}  // namespace hone
