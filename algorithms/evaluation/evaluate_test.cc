#include "algorithms/evaluation/evaluate.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "algorithms/testing/array_source.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Times(const std::string& factor) {
  const auto model = ParseModel(
      "net (float32[1] x) => (float32[1] y) { f = constant float32[1] {" +
      factor + "}\n y = Mul(x, f) }");
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

ArraySource Counting(int count) {
  std::vector<std::vector<Value>> samples;
  for (int i = 0; i < count; ++i) {
    samples.push_back({Tensor::FromVector<float>({1}, {float(i)})});
  }
  return ArraySource(samples);
}

TEST(EvaluateTest, OutputsComeInOrderBesideTheReference) {
  ArraySource source = Counting(100);
  const Model reference = Times("3");
  for (const int threads : {1, 2, 5}) {
    RunnerOptions options;
    options.threads = threads;
    Runner runner(options);
    uint64_t next = 0;
    const auto evaluation = Evaluate(
        Times("2"), &reference, source, runner,
        [&](uint64_t index, absl::Span<const Value> outputs,
            absl::Span<const Value> expected) {
          EXPECT_EQ(index, next++);
          EXPECT_EQ(outputs[0].tensor().Values<float>()[0], 2.f * index);
          EXPECT_EQ(expected[0].tensor().Values<float>()[0], 3.f * index);
          return absl::OkStatus();
        });
    ASSERT_TRUE(evaluation.ok()) << evaluation.status();
    EXPECT_EQ(evaluation->samples, 100u);
    EXPECT_EQ(next, 100u);
    EXPECT_EQ(runner.passes(), 1);
  }
}

TEST(EvaluateTest, AnErrorOfTheConsumerStops) {
  ArraySource source = Counting(100);
  RunnerOptions options;
  options.threads = 3;
  Runner runner(options);
  const auto evaluation = Evaluate(
      Times("2"), nullptr, source, runner,
      [](uint64_t index, absl::Span<const Value>,
         absl::Span<const Value> expected) {
        EXPECT_TRUE(expected.empty());
        return index == 7 ? absl::DataLossError("seven") : absl::OkStatus();
      });
  EXPECT_EQ(evaluation.status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace hone
