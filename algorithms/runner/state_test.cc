#include "algorithms/runner/state.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/runner/runner.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/value_statistics.h"
#include "algorithms/testing/array_source.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// next = 2 state + x, y = next + 1
constexpr char kRecurrence[] = R"(
net (float32[batch, 2] x, float32[batch, 2] state)
    => (float32[batch, 2] y, float32[batch, 2] next) {
  two = constant float32[] {2}
  one = constant float32[] {1}
  twice = Mul(state, two)
  next = Add(twice, x)
  y = Add(next, one)
})";

// A cache that grows by one row a step.
constexpr char kCache[] = R"(
net (float32[1, 1, 2] x, float32[1, past, 2] cache)
    => (float32[1, 2] sum, float32[1, total, 2] grown) {
  grown = Concat<axis = 1>(cache, x)
  axes = constant int64[1] {1}
  sum = ReduceSum<keepdims = 0>(grown, axes)
})";

std::shared_ptr<const Plan> PlanOf(const char* text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  auto plan = Compile(*model, {});
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *plan;
}

absl::StatusOr<std::vector<Value>> Steps(const char* text,
                                         std::vector<StateLink> links,
                                         std::vector<Value> inputs) {
  const auto plan = PlanOf(text);
  const auto loop = StateLoop::Of(*plan, links);
  if (!loop.ok()) return loop.status();
  Workspace workspace;
  ThreadPool pool(1);
  RunOptions options;
  options.pool = &pool;
  return loop->Run(*plan, workspace, inputs, options);
}

std::vector<float> Floats(const Value& value) {
  const auto values = value.tensor().Values<float>();
  return {values.begin(), values.end()};
}

TEST(StateTest, OneStepsOutputIsTheNextOnesInput) {
  const auto outputs =
      Steps(kRecurrence, {{"state", "next"}},
            {Tensor::FromVector<float>({3, 1, 2}, {1, 2, 3, 4, 5, 6}), {}});
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  // From zeros: 1 2, then 2 + 3, 4 + 4, then 10 + 5, 16 + 6.
  EXPECT_EQ(Floats((*outputs)[0]), (std::vector<float>{2, 3, 6, 9, 16, 23}));
  EXPECT_EQ((*outputs)[0].tensor().dims(), (Dims{3, 1, 2}));
  EXPECT_EQ(Floats((*outputs)[1]), (std::vector<float>{15, 22}));
  EXPECT_EQ((*outputs)[1].tensor().dims(), (Dims{1, 2}));
}

TEST(StateTest, TheFirstStateMayBeGiven) {
  const auto outputs = Steps(kRecurrence, {{"state", "next"}},
                             {Tensor::FromVector<float>({1, 1, 2}, {1, 2}),
                              Tensor::FromVector<float>({1, 2}, {10, 20})});
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  EXPECT_EQ(Floats((*outputs)[0]), (std::vector<float>{22, 43}));
}

TEST(StateTest, ACacheBeginsEmptyAndGrows) {
  const auto outputs = Steps(
      kCache, {{"cache", "grown"}},
      {Tensor::FromVector<float>({3, 1, 1, 2}, {1, 10, 2, 20, 3, 30}), {}});
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  EXPECT_EQ(Floats((*outputs)[0]), (std::vector<float>{1, 10, 3, 30, 6, 60}));
  EXPECT_EQ((*outputs)[1].tensor().dims(), (Dims{1, 3, 2}));
}

TEST(StateTest, SaysWhatIsWrong) {
  const auto code = [](std::vector<StateLink> links,
                       std::vector<Value> inputs) {
    return Steps(kRecurrence, std::move(links), std::move(inputs))
        .status()
        .code();
  };
  const Value x = Tensor::FromVector<float>({1, 1, 2}, {1, 2});
  const Value none = Tensor::FromVector<float>({0, 1, 2}, {});
  EXPECT_EQ(code({{"stat", "next"}}, {x, {}}), absl::StatusCode::kNotFound);
  EXPECT_EQ(code({{"state", "nxt"}}, {x, {}}), absl::StatusCode::kNotFound);
  EXPECT_EQ(code({{"state", "next"}, {"state", "y"}}, {x, {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"state", "next"}, {"x", "y"}}, {{}, {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{"state", "next"}}, {none, {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(ParseStateLinks({"state"}).ok());
  EXPECT_FALSE(ParseStateLinks({"=next"}).ok());
  EXPECT_EQ((*ParseStateLinks({"a=b"}))[0].output, "b");
}

TEST(StateTest, StatisticsSeeEveryStepOnce) {
  const auto model = ParseModel(kRecurrence);
  ASSERT_TRUE(model.ok()) << model.status();
  ArraySource source(
      {{Tensor::FromVector<float>({3, 1, 2}, {1, 2, 3, 4, 5, 6}), {}},
       {Tensor::FromVector<float>({2, 1, 2}, {-1, 1, 0, 0}), {}}});
  StatsRequest request;
  request.Add("next", kSampleRangeStats | kHistogramStats);
  std::vector<std::string> bytes;
  for (const int threads : {1, 2}) {
    RunnerOptions options;
    options.threads = threads;
    options.state = {{"state", "next"}};
    Runner runner(options);
    const auto statistics = runner.Collect(*model, request, source, {0, 1});
    ASSERT_TRUE(statistics.ok()) << statistics.status();
    const ValueStatistics* next = statistics->Find("next");
    EXPECT_EQ(next->range.count, 10u);
    ASSERT_EQ(next->samples.size(), 2u);
    EXPECT_EQ(next->samples[0].min, 1);
    EXPECT_EQ(next->samples[0].max, 22);
    EXPECT_EQ(next->samples[1].min, -2);
    EXPECT_EQ(next->samples[1].max, 2);
    bytes.push_back(statistics->Serialize());
  }
  EXPECT_EQ(bytes[0], bytes[1]);
}

}  // namespace
}  // namespace hone
