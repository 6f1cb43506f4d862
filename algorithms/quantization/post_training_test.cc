#include "algorithms/quantization/post_training.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/testing/array_source.h"
#include "algorithms/testing/same_outputs.h"
#include "gtest/gtest.h"
#include "ir/onnx/write_model.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

constexpr char kNet[] = R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 8, 6, 6] y) {
  w1 = constant float32[8, 8, 3, 3] random(1)
  b1 = constant float32[8] random(2)
  gamma = constant float32[8] random(3, 0.5, 2)
  beta = constant float32[8] random(4)
  mean = constant float32[8] random(5)
  var = constant float32[8] random(6, 0.5, 2)
  w2 = constant float32[8, 1, 3, 3] random(7)
  w3 = constant float32[8, 8, 1, 1] random(8)
  [conv1] a = Conv<pads = [1, 1, 1, 1]>(x, w1, b1)
  [bn] b = BatchNormalization(a, gamma, beta, mean, var)
  [swish] c = HardSwish(b)
  [conv2] d = Conv<group = 8, pads = [1, 1, 1, 1]>(c, w2)
  [relu] e = Relu(d)
  [add] f = Add(c, e)
  [conv3] g = Conv(f, w3)
  [out] y = HardSigmoid(g)
})";

Model Parse(const std::string& text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

const ReportRow& Row(const QuantizeResult& result, const std::string& node) {
  for (const ReportRow& row : result.rows) {
    if (row.node == node) return row;
  }
  ADD_FAILURE() << "no row for " << node;
  return result.rows[0];
}

std::string Bytes(const Model& model) {
  const auto bytes = WriteModelToBytes(model);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return *bytes;
}

// 10 log10(|float|^2 / |float - quantized|^2) over some inputs.
double SignalToNoise(const Model& model, const Model& quantized) {
  double signal = 0, noise = 0;
  for (uint64_t seed = 100; seed < 104; ++seed) {
    const auto inputs = RandomInputs(model, seed);
    const auto expected = RunPlainly(model, inputs);
    const auto found = RunPlainly(quantized, inputs);
    if (expected.empty() || found.empty()) return -1;
    const auto x = expected[0].tensor().Values<float>();
    const auto y = found[0].tensor().Values<float>();
    for (size_t i = 0; i < x.size(); ++i) {
      signal += x[i] * x[i];
      noise += (x[i] - y[i]) * (x[i] - y[i]);
    }
  }
  return 10 * std::log10(signal / noise);
}

TEST(PostTrainingTest, EveryRuntimeAndPresetStaysCloseToFloat) {
  const Model model = Parse(kNet);
  ArraySource source(model, 20);
  for (const TargetRuntime runtime :
       {TargetRuntime::kOnnxRuntime, TargetRuntime::kOpenVino,
        TargetRuntime::kTensorRt}) {
    for (const QuantizationPreset preset :
         {QuantizationPreset::kPerformance, QuantizationPreset::kMixed}) {
      for (const bool per_channel : {true, false}) {
        PostTrainingOptions options;
        options.runtime = runtime;
        options.preset = preset;
        options.per_channel = per_channel;
        Runner runner({});
        const auto result =
            QuantizePostTraining(model, source, options, runner);
        ASSERT_TRUE(result.ok()) << result.status();
        EXPECT_EQ(result->passes, 1);
        EXPECT_EQ(result->rows.size(), model.graph.nodes.size());
        EXPECT_EQ(Row(*result, "bn").done, "folded");
        for (const char* conv : {"conv1", "conv2", "conv3"}) {
          EXPECT_EQ(Row(*result, conv).done, "quantized");
        }
        EXPECT_FALSE(Row(*result, "out").why.empty());
        // The mean of the extremes clips some of uniform noise.
        EXPECT_GT(SignalToNoise(model, result->model), 20);
      }
    }
  }
}

TEST(PostTrainingTest, ThreadsAndShardsGiveTheSameBytes) {
  const Model model = Parse(kNet);
  ArraySource source(model, 17);
  std::vector<std::string> bytes;
  for (const int threads : {1, 2, 3}) {
    RunnerOptions options;
    options.threads = threads;
    Runner runner(options);
    const auto result = QuantizePostTraining(model, source, {}, runner);
    ASSERT_TRUE(result.ok()) << result.status();
    bytes.push_back(Bytes(result->model));
  }
  EXPECT_EQ(bytes[0], bytes[1]);
  EXPECT_EQ(bytes[0], bytes[2]);

  Runner runner({});
  auto first = CollectCalibration(model, source, {0, 3, 5, 16, 8}, runner);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = CollectCalibration(
      model, source, {1, 2, 4, 6, 7, 9, 10, 11, 12, 13, 14, 15}, runner);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_TRUE(first->Merge(*second).ok());
  const auto merged = QuantizePostTraining(model, *first, {});
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->passes, 0);
  EXPECT_EQ(bytes[0], Bytes(merged->model));
}

TEST(PostTrainingTest, StatisticsServeEveryOption) {
  const Model model = Parse(kNet);
  ArraySource source(model, 8);
  Runner runner({});
  const auto statistics =
      CollectCalibration(model, source, {0, 1, 2, 3, 4, 5, 6, 7}, runner);
  ASSERT_TRUE(statistics.ok()) << statistics.status();
  PostTrainingOptions options;
  options.ignored_scope.names = {"relu"};
  EXPECT_TRUE(QuantizePostTraining(model, *statistics, options).ok());
  options.ignored_scope.names = {"conv1", "add"};
  options.runtime = TargetRuntime::kTensorRt;
  options.activations_range_estimator.histogram_mse = true;
  const auto result = QuantizePostTraining(model, *statistics, options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(Row(*result, "conv1").done, "float");
  EXPECT_EQ(Row(*result, "conv1").why, "ignored scope: name conv1");

  Model other = model;
  other.graph.SetInitializer(
      "b1", Tensor::FromVector<float>({8}, {1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(QuantizePostTraining(other, *statistics, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PostTrainingTest, WrongInputsAreNamed) {
  const Model model = Parse(kNet);
  Runner runner({});
  ArraySource empty(std::vector<std::vector<Value>>{});
  EXPECT_EQ(QuantizePostTraining(model, empty, {}, runner).status().code(),
            absl::StatusCode::kInvalidArgument);

  ArraySource source(model, 2);
  PostTrainingOptions unknown;
  unknown.ignored_scope.names = {"conv9"};
  EXPECT_EQ(
      QuantizePostTraining(model, source, unknown, runner).status().code(),
      absl::StatusCode::kNotFound);
  unknown.ignored_scope.validate = false;
  EXPECT_TRUE(QuantizePostTraining(model, source, unknown, runner).ok());
  PostTrainingOptions pattern;
  pattern.ignored_scope.patterns = {"conv(["};
  EXPECT_EQ(
      QuantizePostTraining(model, source, pattern, runner).status().code(),
      absl::StatusCode::kInvalidArgument);

  ArraySource wrong({{Tensor::FromVector<float>({1, 2}, {1, 2})}});
  const absl::Status shape =
      QuantizePostTraining(model, wrong, {}, runner).status();
  EXPECT_EQ(shape.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(shape.message()).find("sample 0"), std::string::npos);

  std::vector<float> x(8 * 6 * 6, 1.f);
  x[7] = std::numeric_limits<float>::quiet_NaN();
  ArraySource nan({{Tensor::FromVector<float>({1, 8, 6, 6}, x)}});
  EXPECT_EQ(QuantizePostTraining(model, nan, {}, runner).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PostTrainingTest, CancelStopsThePass) {
  const Model model = Parse(kNet);
  ArraySource source(model, 50);
  std::atomic<bool> cancel{false};
  RunnerOptions options;
  options.cancel = &cancel;
  options.progress = [&](const Progress&) { cancel = true; };
  Runner runner(options);
  const auto result = QuantizePostTraining(model, source, {}, runner);
  // The only report may come at the end of so short a pass.
  EXPECT_TRUE(result.ok() ||
              result.status().code() == absl::StatusCode::kCancelled);
  const auto again = QuantizePostTraining(model, source, {}, runner);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kCancelled);
}

TEST(PostTrainingTest, QuantizedOutputsKeepTheirNames) {
  const Model model = Parse(R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w = constant float32[4, 8, 1, 1] random(1)
  b = constant float32[4] random(2)
  [conv] y = Conv(x, w, b)
})");
  ArraySource source(model, 4);
  Runner runner({});
  PostTrainingOptions options;
  options.quantize_outputs = true;
  const auto result = QuantizePostTraining(model, source, options, runner);
  ASSERT_TRUE(result.ok()) << result.status();
  const GraphIndex index(result->model.graph);
  ASSERT_NE(index.Producer("y"), nullptr);
  EXPECT_EQ(index.Producer("y")->op_type, "DequantizeLinear");
  EXPECT_GT(SignalToNoise(model, result->model), 30);
}

TEST(PostTrainingTest, TransformerParts) {
  const Model model = Parse(R"(
net (float32[1, 5, 8] x) => (float32[1, 5, 6] y) {
  scale = constant float32[8] fill(1)
  w1 = constant float32[8, 16] random(1)
  b1 = constant float32[16] random(2)
  w2 = constant float32[16, 6] random(3)
  b2 = constant float32[6] random(4)
  [up] a = MatMul(x, w1)
  [up_bias] b = Add(a, b1)
  [act] c = Relu(b)
  [down] d = MatMul(c, w2)
  [down_bias] y = Add(b2, d)
})");
  ArraySource source(model, 6);
  for (const TargetRuntime runtime :
       {TargetRuntime::kOnnxRuntime, TargetRuntime::kOpenVino}) {
    Runner runner({});
    PostTrainingOptions options;
    options.runtime = runtime;
    const auto result = QuantizePostTraining(model, source, options, runner);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(Row(*result, "up").done, "quantized");
    EXPECT_GT(SignalToNoise(model, result->model), 25);
  }
}

TEST(PostTrainingTest, BiasCorrectionSaysWhatItDid) {
  const Model model = Parse(kNet);
  ArraySource source(model, 40);
  for (const TargetRuntime runtime :
       {TargetRuntime::kOnnxRuntime, TargetRuntime::kOpenVino,
        TargetRuntime::kTensorRt}) {
    for (const BiasCorrection method :
         {BiasCorrection::kFast, BiasCorrection::kFull}) {
      PostTrainingOptions options;
      options.runtime = runtime;
      options.bias_correction = method;
      std::vector<std::string> bytes;
      for (const int threads : {1, 2}) {
        RunnerOptions two;
        two.threads = threads;
        Runner runner(two);
        const auto result =
            QuantizePostTraining(model, source, options, runner);
        ASSERT_TRUE(result.ok()) << result.status();
        EXPECT_GT(result->passes, 1);
        EXPECT_EQ(result->rows.size(), model.graph.nodes.size() + 1);
        EXPECT_EQ(result->rows.back().op, "bias_correction");
        EXPECT_NE(Row(*result, "conv2").why.find("bias correct"),
                  std::string::npos);
        EXPECT_GT(SignalToNoise(model, result->model), 20);
        bytes.push_back(Bytes(result->model));
      }
      EXPECT_EQ(bytes[0], bytes[1]);
    }
  }
  const std::vector<uint64_t> samples = {0, 1, 2, 3};
  Runner runner({});
  const auto statistics = CollectCalibration(model, source, samples, runner);
  ASSERT_TRUE(statistics.ok());
  PostTrainingOptions options;
  options.bias_correction = BiasCorrection::kFast;
  EXPECT_EQ(QuantizePostTraining(model, *statistics, options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
