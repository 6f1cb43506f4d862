#include "algorithms/bias_correction/bias_correction.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/bias_correction/quantized_layer.h"
#include "algorithms/contract/patch.h"
#include "algorithms/testing/array_source.h"
#include "algorithms/testing/same_outputs.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/device.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

Model Parse(const std::string& text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

// A layer of two channels, scales 0.5 and 0.25 times 1/128; the weight of the
// second channel is 0.1 in float and was rounded to 0.
std::string QuantizedNet(const std::string& bias, const std::string& inputs) {
  return R"(
net (float32[1, 1, 4, 4] x) => (float32[1, 2, 4, 4] y) {
  sx = constant float32[] {0.0078125}
  zx = constant uint8[] {0}
  w = constant int8[2, 1, 1, 1] {2, 0}
  sw = constant float32[2] {0.5, 0.25}
  zw = constant int8[2] {0, 0}
)" + bias +
         R"(
  r = Relu(x)
  q = QuantizeLinear(r, sx, zx)
  d = DequantizeLinear(q, sx, zx)
  wd = DequantizeLinear<axis = 0>(w, sw, zw)
  y = Conv()" +
         inputs + R"()
})";
}

constexpr char kIntegerBias[] = R"(
  b = constant int32[2] {0, 7}
  sb = constant float32[2] {0.25, 0.125}
  bd = DequantizeLinear<axis = 0>(b, sb)
)";

constexpr char kFloatNet[] = R"(
net (float32[1, 1, 4, 4] x) => (float32[1, 2, 4, 4] y) {
  w = constant float32[2, 1, 1, 1] {1, 0.1}
  r = Relu(x)
  y = Conv(r, w)
})";

const Tensor* Constant(const Model& model, const std::string& name) {
  const Initializer* found = model.graph.FindInitializer(name);
  EXPECT_NE(found, nullptr) << name;
  return found == nullptr ? nullptr : &found->tensor;
}

absl::StatusOr<Model> Shifted(const Model& model, std::vector<float> shift,
                              bool integer_bias) {
  const auto layers = FindQuantizedLayers(model.graph);
  EXPECT_EQ(layers.size(), 1u);
  const auto patch = ShiftBias(model.graph, layers[0], shift, integer_bias);
  if (!patch.ok()) return patch.status();
  Model moved = model;
  const absl::Status applied = ApplyPatch(*patch, &moved);
  if (!applied.ok()) return applied;
  return moved;
}

TEST(ShiftBiasTest, IntegerBiasMovesToTheNearestLevel) {
  // An element of 0 moves like any other.
  const Model model = Parse(QuantizedNet(kIntegerBias, "d, wd, bd"));
  const auto moved = Shifted(model, {0.6f, -0.2f}, true);
  ASSERT_TRUE(moved.ok()) << moved.status();
  const Tensor* bias = Constant(*moved, "y_bias_quantized");
  EXPECT_EQ(bias->Values<int32_t>()[0], 2);  // 0 + 0.6 / 0.25
  EXPECT_EQ(bias->Values<int32_t>()[1], 5);  // 7 - 0.2 / 0.125
  EXPECT_EQ(moved->graph.FindInitializer("b"), nullptr);
  EXPECT_EQ(moved->graph.nodes.size(), model.graph.nodes.size());
}

TEST(ShiftBiasTest, AnAbsentBiasIsMade) {
  const Model model = Parse(QuantizedNet("", "d, wd"));
  const auto moved = Shifted(model, {0.5f, 1.f}, true);
  ASSERT_TRUE(moved.ok()) << moved.status();
  // Levels of input scale * weight scale: 1/256 and 1/512.
  const Tensor* bias = Constant(*moved, "y_bias_quantized");
  EXPECT_EQ(bias->Values<int32_t>()[0], 128);
  EXPECT_EQ(bias->Values<int32_t>()[1], 512);
  const auto plain = Shifted(model, {0.5f, 1.f}, false);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(Constant(*plain, "y_bias")->Values<float>()[1], 1.f);
  for (const Model* one : {&*moved, &*plain}) {
    const auto inputs = RandomInputs(model, 3);
    const auto before = RunPlainly(model, inputs);
    const auto after = RunPlainly(*one, inputs);
    ASSERT_FALSE(after.empty());
    EXPECT_FLOAT_EQ(after[0].tensor().Values<float>()[0],
                    before[0].tensor().Values<float>()[0] + 0.5f);
    EXPECT_FLOAT_EQ(after[0].tensor().Values<float>()[16],
                    before[0].tensor().Values<float>()[16] + 1.f);
  }
}

TEST(ShiftBiasTest, MatMulGetsAnAddOrMovesTheOneItHas) {
  const std::string head = R"(
net (float32[1, 3, 2] x) => (float32[1, 3, 2] y) {
  sx = constant float32[] {0.5}
  zx = constant uint8[] {0}
  w = constant int8[2, 2] {2, 0, 1, 3}
  sw = constant float32[] {0.5}
  zw = constant int8[] {0}
  q = QuantizeLinear(x, sx, zx)
  d = DequantizeLinear(q, sx, zx)
  wd = DequantizeLinear(w, sw, zw)
)";
  const Model bare = Parse(head + "  y = MatMul(d, wd)\n}");
  const Model added =
      Parse(head + "  c = constant float32[2] {1, 2}\n  m = MatMul(d, wd)\n" +
            "  y = Add(c, m)\n}");
  for (const Model* model : {&bare, &added}) {
    const auto moved = Shifted(*model, {0.5f, -0.25f}, model == &bare);
    ASSERT_TRUE(moved.ok()) << moved.status();
    const auto inputs = RandomInputs(*model, 3);
    const auto before = RunPlainly(*model, inputs);
    const auto after = RunPlainly(*moved, inputs);
    ASSERT_FALSE(after.empty());
    for (int i = 0; i < 6; ++i) {
      EXPECT_NEAR(after[0].tensor().Values<float>()[i] -
                      before[0].tensor().Values<float>()[i],
                  i % 2 == 0 ? 0.5 : -0.25, 1e-6);
    }
  }
}

TEST(ShiftBiasTest, WhatCannotBeMovedIsSaid) {
  const Model model = Parse(QuantizedNet(kIntegerBias, "d, wd, bd"));
  EXPECT_EQ(Shifted(model, {1e12f, 0}, true).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Shifted(model, {std::nanf(""), 0}, true).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Shifted(model, {1}, true).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(DecideShiftTest, HeldSamplesJudge) {
  const LayerShift good = DecideShift("y", {1, -2}, {0.8, -2});
  ASSERT_EQ(good.shift.size(), 2u);
  EXPECT_NEAR(good.before, (0.64 + 4) / 2, 1e-12);
  EXPECT_NEAR(good.after, 0.04 / 2, 1e-12);
  // The mean was an accident of the samples that decided.
  const LayerShift bad = DecideShift("y", {1, -2}, {0.1, 0});
  EXPECT_TRUE(bad.shift.empty());
  EXPECT_NE(bad.why.find("undone"), std::string::npos);
  EXPECT_TRUE(DecideShift("y", {0, 0}, {0, 0}).shift.empty());
  EXPECT_TRUE(DecideShift("y", {std::nan("")}, {0}).shift.empty());
}

class CorrectBiasesTest : public testing::Test {
 protected:
  absl::StatusOr<BiasCorrectionResult> Correct(BiasCorrection method,
                                               const Model& quantized,
                                               uint64_t samples) {
    ArraySource source(reference_, samples);
    std::vector<uint64_t> all;
    for (uint64_t i = 0; i < samples; ++i) all.push_back(i);
    Runner runner({});
    ThreadPool pool(1);
    const auto device = MakeDevice("cpu", pool);
    return CorrectBiases(method, reference_, quantized, true, source, all,
                         runner, **device);
  }
  const Model reference_ = Parse(kFloatNet);
};

TEST_F(CorrectBiasesTest, TheMeanThatRoundingLostComesBack) {
  const Model quantized = Parse(QuantizedNet("", "d, wd"));
  for (const BiasCorrection method :
       {BiasCorrection::kFast, BiasCorrection::kFull}) {
    const auto result = Correct(method, quantized, 64);
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_EQ(result->shifts.size(), 1u);
    ASSERT_EQ(result->shifts[0].shift.size(), 2u) << result->shifts[0].why;
    // 0.1 * E[Relu(x)], x uniform in [-2, 2].
    EXPECT_NEAR(result->shifts[0].shift[1], 0.05, 0.01);
    EXPECT_LT(result->output_error_after, result->output_error_before);
    EXPECT_FALSE(result->undone);
    Report rows(reference_.graph.nodes.size());
    AddBiasRows(method, *result, reference_.graph, &rows);
    EXPECT_NE(rows[1].why.find("bias corrected"), std::string::npos);
    EXPECT_EQ(rows.back().op, "bias_correction");
  }
}

TEST_F(CorrectBiasesTest, TooFewSamplesCorrectNothing) {
  const Model quantized = Parse(QuantizedNet("", "d, wd"));
  const auto result = Correct(BiasCorrection::kFull, quantized, 3);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->shifts[0].shift.empty());
  EXPECT_NE(result->shifts[0].why.find("too few"), std::string::npos);
  EXPECT_EQ(result->passes, 0);
}

TEST_F(CorrectBiasesTest, ShiftsForLayersThatAreGoneAreLeftOut) {
  Model model = Parse(QuantizedNet(kIntegerBias, "d, wd, bd"));
  const std::vector<LayerShift> shifts = {{"other", {1, 1}, 0, 0, ""}};
  const size_t nodes = model.graph.nodes.size();
  ASSERT_TRUE(ApplyShifts(shifts, true, &model).ok());
  EXPECT_EQ(model.graph.nodes.size(), nodes);
}

}  // namespace
}  // namespace hone
