#include "algorithms/accuracy_control/accuracy_control.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "algorithms/accuracy_control/prefix_runs.h"
#include "algorithms/accuracy_control/ranking.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/quantization/quantizer.h"
#include "algorithms/testing/array_source.h"
#include "algorithms/testing/same_outputs.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

constexpr char kNet[] = R"(
net (float32[1, 8, 6, 6] x) => (float32[1, 8, 6, 6] y) {
  w1 = constant float32[8, 8, 3, 3] random(1)
  wide = constant float32[16, 8, 1, 1] random(2, -0.01, 0.01)
  w3 = constant float32[8, 16, 1, 1] random(3)
  w4 = constant float32[8, 8, 3, 3] random(4)
  [one] a = Conv<pads = [1, 1, 1, 1]>(x, w1)
  [r1] b = Relu(a)
  [bad] c = Conv(b, wide)
  [r2] d = Relu(c)
  [three] e = Conv(d, w3)
  [r3] f = Relu(e)
  [four] g = Conv<pads = [1, 1, 1, 1]>(f, w4)
  [out] y = Neg(g)
})";

// With one weight of `bad` so much greater than the others that the one scale
// of the tensor rounds those to zero.
Model Net() {
  auto model = ParseModel(kNet);
  EXPECT_TRUE(model.ok()) << model.status();
  const Tensor wide = model->graph.FindInitializer("wide")->tensor.Aligned();
  const auto values = wide.Values<float>();
  std::vector<float> changed(values.begin(), values.end());
  changed[0] = -40;  // of a channel that Relu zeroes
  model->graph.SetInitializer(
      "wide",
      Tensor::FromVector<float>(wide.dims(), absl::MakeConstSpan(changed)));
  return *model;
}

double SquaredDistance(const Value& a, const Value& b) {
  const auto x = a.tensor().Values<float>(), y = b.tensor().Values<float>();
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

// 10 log10(|float|^2 / |float - other|^2), 200 at most.
class Sqnr : public MetricSet {
 public:
  explicit Sqnr(int metrics = 1) : metrics_(metrics) {}
  absl::Status Add(uint64_t index, absl::Span<const Value> outputs,
                   absl::Span<const Value> reference) override {
    ascending_ = ascending_ && (count_ == 0 || index > last_);
    last_ = index;
    ++count_;
    const Value zero = Tensor::FromVector<float>(
        outputs[0].tensor().dims(),
        absl::MakeConstSpan(std::vector<float>(outputs[0].tensor().size())));
    signal_ += SquaredDistance(reference[0], zero);
    noise_ += SquaredDistance(reference[0], outputs[0]);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<MetricFigure>> Result() override {
    if (!ascending_) return absl::InternalError("indices out of order");
    const double db =
        noise_ > 0 ? std::min(200.0, 10 * std::log10(signal_ / noise_)) : 200;
    return std::vector<MetricFigure>(metrics_, MetricFigure{db, db, db});
  }

 private:
  const int metrics_;
  bool ascending_ = true;
  uint64_t last_ = 0, count_ = 0;
  double signal_ = 0, noise_ = 0;
};

class Fixed : public MetricSet {
 public:
  explicit Fixed(double value) : value_(value) {}
  absl::Status Add(uint64_t, absl::Span<const Value>,
                   absl::Span<const Value>) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<MetricFigure>> Result() override {
    return std::vector<MetricFigure>{{value_, value_, value_}};
  }

 private:
  const double value_;
};

class AccuracyControlTest : public testing::Test {
 protected:
  AccuracyControlTest()
      : model_(Net()),
        calibration_(model_, 16),
        eval_(model_, 24),
        runner_({}) {
    PostTrainingOptions options;
    options.per_channel = false;
    auto quantizer =
        Quantizer::Calibrate(model_, calibration_, options, runner_);
    EXPECT_TRUE(quantizer.ok()) << quantizer.status();
    quantizer_ = std::make_unique<Quantizer>(*std::move(quantizer));
    options_.needs_reference = true;
    options_.new_metrics = [] { return std::make_unique<Sqnr>(); };
  }

  absl::StatusOr<AccuracyControlResult> Run(double max_drop) {
    options_.bounds = {{"sqnr", max_drop, false, true}};
    return ControlAccuracy(*quantizer_, calibration_, eval_, options_, runner_);
  }

  std::string Name(int node) const {
    return quantizer_->prepared().graph.nodes[node].name;
  }

  const Model model_;
  ArraySource calibration_, eval_;
  Runner runner_;
  std::unique_ptr<Quantizer> quantizer_;
  AccuracyControlOptions options_;
};

TEST_F(AccuracyControlTest, NothingIsRevertedWhereNothingCosts) {
  const auto result = Run(1000);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->met);
  EXPECT_EQ(result->in_float, 0);
  EXPECT_EQ(result->trials.size(), 1u);
  EXPECT_TRUE(result->ranking.layers.empty());
  EXPECT_GT(result->int8_macs, 0.9);
  EXPECT_EQ(result->baseline[0].value, 200);
}

TEST_F(AccuracyControlTest, TheLayerThatCostsMostIsRevertedAlone) {
  const auto all = quantizer_->Quantize({});
  ASSERT_TRUE(all.ok());
  const auto result = Run(180);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->met) << result->message;
  EXPECT_EQ(result->in_float, 1) << result->message;
  ASSERT_FALSE(result->ranking.layers.empty());
  EXPECT_EQ(Name(result->ranking.layers[0].node), "bad");
  EXPECT_GT(result->ranking.layers[0].cost, 0.5 * result->ranking.output_error);
  EXPECT_GT(result->ranking.reused, 0.2);
  EXPECT_GE(result->figures[0].value, 20);
  for (const ReportRow& row : result->quantized.rows) {
    if (row.node == "bad") {
      EXPECT_EQ(row.done, "float");
      EXPECT_NE(row.why.find("accuracy"), std::string::npos);
    }
    if (row.node == "one" || row.node == "three") {
      EXPECT_EQ(row.done, "quantized");
    }
  }
  EXPECT_EQ(result->quantized.rows.back().done, "met");
}

// Both ways to ask what a layer costs, beside a model made by hand.
TEST_F(AccuracyControlTest, SensitivityTellsTheBadLayerBothWays) {
  const auto layers = quantizer_->Layers();
  ASSERT_TRUE(layers.ok());
  const std::vector<uint64_t> samples = {0, 3, 5, 9};
  uint64_t told = 0, of = 0;
  const auto found =
      MeasureSensitivity(*quantizer_, *layers, calibration_, samples, runner_,
                         1 << 20, [&](uint64_t done, uint64_t total) {
                           EXPECT_GT(done, told);
                           told = done;
                           of = total;
                         });
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(told, of);
  EXPECT_EQ(of, 2 + 2 * layers->size());
  EXPECT_GT(found->reused, 0.2);
  ASSERT_EQ(found->layers.size(), layers->size());
  for (const LayerSensitivity& layer : found->layers) {
    if (Name(layer.node) != "bad") {
      EXPECT_GT(layer.without, 0.5 * found->output_error);
      EXPECT_LT(layer.alone.value_or(0), 0.5 * found->output_error);
      continue;
    }
    EXPECT_LT(layer.without, 0.5 * found->output_error);
    ASSERT_TRUE(layer.alone.has_value());
    EXPECT_GT(*layer.alone, 0.5 * found->output_error);
    std::map<int, std::string> kept;
    for (const int other : *layers) {
      if (other != layer.node) kept[other] = "by hand";
    }
    const auto alone = quantizer_->Quantize(kept);
    ASSERT_TRUE(alone.ok());
    double error = 0, signal = 0;
    for (const uint64_t sample : samples) {
      const auto expected = RunPlainly(model_, *calibration_.Get(sample));
      const auto value = RunPlainly(alone->model, *calibration_.Get(sample));
      error += SquaredDistance(expected[0], value[0]);
      const auto zero = Tensor::FromVector<float>(
          expected[0].tensor().dims(),
          absl::MakeConstSpan(std::vector<float>(expected[0].tensor().size())));
      signal += SquaredDistance(expected[0], zero);
    }
    EXPECT_NEAR(*layer.alone, error / signal, 1e-4 * error / signal);
  }
}

TEST_F(AccuracyControlTest, AnUnreachableBoundSaysHowCloseItCame) {
  const auto result = Run(0);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->met);
  EXPECT_NE(result->message.find("came closest"), std::string::npos);
  EXPECT_NE(result->message.find("bad"), std::string::npos);
  EXPECT_EQ(result->quantized.rows.back().done, "not met");
  // The closest of the trials is the result.
  for (const AccuracyTrial& trial : result->trials) {
    EXPECT_LE(trial.figures[0].value, result->figures[0].value + 1e-9);
  }
}

TEST_F(AccuracyControlTest, ThreadsAndTheCacheChangeNothing) {
  const auto first = Run(175);
  options_.cache_bytes = 0;
  RunnerOptions one;
  one.threads = 1;
  Runner alone(one);
  const auto second =
      ControlAccuracy(*quantizer_, calibration_, eval_, options_, alone);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->ranking.reused, 0);
  ASSERT_EQ(first->ranking.layers.size(), second->ranking.layers.size());
  for (size_t i = 0; i < first->ranking.layers.size(); ++i) {
    EXPECT_EQ(first->ranking.layers[i].node, second->ranking.layers[i].node);
    EXPECT_NEAR(first->ranking.layers[i].cost, second->ranking.layers[i].cost,
                1e-6 * first->ranking.output_error);
  }
  EXPECT_EQ(first->in_float, second->in_float);
}

TEST_F(AccuracyControlTest, RemediesComeBeforeLayersInFloat) {
  // One calibration sample has an element far outside all others, and the
  // ranges are asked to reach it.
  const auto net = ParseModel(kNet);
  ASSERT_TRUE(net.ok()) << net.status();
  std::vector<std::vector<Value>> samples;
  for (int i = 0; i < 64; ++i) samples.push_back(RandomInputs(*net, 100 + i));
  const Tensor& first = samples[7][0].tensor();
  std::vector<float> spoilt(first.Values<float>().begin(),
                            first.Values<float>().end());
  spoilt[20] = 60;
  samples[7][0] =
      Tensor::FromVector<float>(first.dims(), absl::MakeConstSpan(spoilt));
  ArraySource calibration(std::move(samples));
  PostTrainingOptions options;
  options.preset = QuantizationPreset::kPerformance;
  options.activations_range_estimator.min = RangeAggregator::kExtreme;
  options.activations_range_estimator.max = RangeAggregator::kExtreme;
  const auto quantizer =
      Quantizer::Calibrate(*net, calibration, options, runner_);
  ASSERT_TRUE(quantizer.ok()) << quantizer.status();
  options_.bounds = {{"sqnr", 180, false, true}};
  const auto without =
      ControlAccuracy(*quantizer, calibration, eval_, options_, runner_);
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_TRUE(!without->met || without->in_float > 0) << without->message;
  EXPECT_EQ(without->remedy, "");

  options_.remedies = true;
  const auto with =
      ControlAccuracy(*quantizer, calibration, eval_, options_, runner_);
  ASSERT_TRUE(with.ok()) << with.status();
  EXPECT_TRUE(with->met) << with->message;
  EXPECT_EQ(with->in_float, 0) << with->message;
  EXPECT_NE(with->message.find(with->remedy), std::string::npos);
  EXPECT_NE(with->remedy.find("quantile"), std::string::npos) << with->remedy;
  ASSERT_GE(with->trials.size(), 2u);
  EXPECT_EQ(with->trials[0].remedy, "");
  EXPECT_EQ(with->trials.back().remedy, with->remedy);
}

TEST_F(AccuracyControlTest, LayersStayInFloatOfTheRemedyThatCameClosest) {
  options_.remedies = true;
  const auto result = Run(180);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->met) << result->message;
  EXPECT_EQ(result->in_float, 1) << result->message;
  // No range of an activation mends a weight's rounding.
  EXPECT_GT(result->trials.size(), 4u);
  double best = 0;
  for (const AccuracyTrial& trial : result->trials) {
    if (trial.in_float > 0) {
      EXPECT_EQ(trial.remedy, result->remedy);
    } else {
      best = std::max(best, trial.figures[0].value);
    }
  }
  for (const AccuracyTrial& trial : result->trials) {
    if (trial.in_float == 0 && trial.remedy == result->remedy) {
      EXPECT_EQ(trial.figures[0].value, best);
    }
  }
}

TEST_F(AccuracyControlTest, SeveralMetricsAreAllBounded) {
  options_.new_metrics = [] { return std::make_unique<Sqnr>(2); };
  options_.bounds = {
      {"first", std::numeric_limits<double>::infinity(), false, true},
      {"second", 0.9, true, true}};
  const auto result =
      ControlAccuracy(*quantizer_, calibration_, eval_, options_, runner_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->met);
  EXPECT_EQ(result->in_float, 1);  // 20 dB of 200
}

TEST_F(AccuracyControlTest, MetricsThatFailAreErrors) {
  const auto run = [&](double value, bool relative) {
    options_.new_metrics = [value] { return std::make_unique<Fixed>(value); };
    options_.bounds = {{"odd", 0.1, relative, true}};
    return ControlAccuracy(*quantizer_, calibration_, eval_, options_, runner_)
        .status();
  };
  const absl::Status nan = run(std::nan(""), false);
  EXPECT_EQ(nan.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(nan.message()).find("odd"), std::string::npos);
  const absl::Status zero = run(0, true);
  EXPECT_EQ(zero.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(zero.message()).find("relative"), std::string::npos);
  EXPECT_TRUE(run(0, false).ok());
  options_.new_metrics = []() -> absl::StatusOr<std::unique_ptr<MetricSet>> {
    return absl::AbortedError("no metric today");
  };
  EXPECT_EQ(ControlAccuracy(*quantizer_, calibration_, eval_, options_, runner_)
                .status()
                .code(),
            absl::StatusCode::kAborted);
  options_.bounds.clear();
  EXPECT_EQ(ControlAccuracy(*quantizer_, calibration_, eval_, options_, runner_)
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PrefixRunsTest, AVariantBeginsWhereItDiffers) {
  const auto model = ParseModel(R"(
net (float32[1, 4] x) => (float32[1, 4] y) {
  w = constant float32[4, 4] random(1)
  two = constant float32[] {2}
  a = MatMul(x, w)
  b = Relu(a)
  c = Neg(b)
  y = Mul(c, two)
})");
  ASSERT_TRUE(model.ok());
  Model other = *model;
  other.graph.SetInitializer("two", Tensor::Scalar(3.f));
  Model early = *model;
  early.graph.nodes[1].op_type = "Sigmoid";
  ArraySource source(*model, 5);
  Runner runner({});
  std::vector<uint64_t> samples(5);
  std::iota(samples.begin(), samples.end(), uint64_t{0});
  PrefixRuns runs(source, samples, runner, 1 << 20);
  const auto run = [&](const Model& one, int keep) {
    std::vector<Value> seen;
    const absl::Status status =
        runs.Run(one, keep, samples, "test",
                 [&](uint64_t, absl::Span<const Value> outputs) {
                   seen.push_back(outputs[0]);
                   return absl::OkStatus();
                 });
    EXPECT_TRUE(status.ok()) << status;
    for (uint64_t s = 0; s < seen.size(); ++s) {
      const auto expected = RunPlainly(one, *source.Get(s));
      EXPECT_LT(SquaredDistance(seen[s], expected[0]), 1e-9);
    }
    EXPECT_EQ(seen.size(), samples.size());
  };
  run(*model, 3);
  EXPECT_EQ(runs.nodes_run(), 4);
  run(other, -1);  // Mul alone
  EXPECT_EQ(runs.nodes_run(), 5);
  EXPECT_EQ(runs.nodes_reused(), 3);
  run(early, -1);  // differs before the cut
  EXPECT_EQ(runs.nodes_run(), 9);
}

}  // namespace
}  // namespace hone
