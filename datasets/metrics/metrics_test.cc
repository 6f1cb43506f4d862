#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "datasets/array/array.h"
#include "datasets/metrics/metric.h"

namespace hone::datasets {
namespace {

Array Scores(std::vector<float> values) {
  const int64_t n = static_cast<int64_t>(values.size());
  return FromValues<float>({1, n}, std::move(values));
}
Array Label(int64_t label) { return FromValues<int64_t>({}, {label}); }

std::unique_ptr<Metric> Make(const std::string& name) {
  return *MakeMetric(name);
}

void Add(Metric* metric, const Array& output, const Array& expected) {
  const absl::Status status = metric->Add("s", {output}, {expected});
  ASSERT_TRUE(status.ok()) << status;
}

TEST(MetricsTest, Top1WithWilsonsInterval) {
  const std::unique_ptr<Metric> top1 = Make("top1");
  for (int i = 0; i < 10; ++i) {
    Add(top1.get(), Scores({0.1f, 0.9f, 0.3f}), Label(i < 8 ? 1 : 2));
  }
  const Estimate e = *top1->Result();
  EXPECT_DOUBLE_EQ(e.value, 0.8);
  // Wilson 1927 for 8 of 10: 0.4902 to 0.9433.
  EXPECT_NEAR(e.low, 0.4902, 1e-4);
  EXPECT_NEAR(e.high, 0.9433, 1e-4);
  EXPECT_EQ(e.samples, 10);
}

TEST(MetricsTest, EqualScoresGoToTheFirstClass) {
  const std::unique_ptr<Metric> top1 = Make("top1");
  Add(top1.get(), Scores({1, 1}), Label(0));
  Add(top1.get(), Scores({1, 1}), Label(1));
  EXPECT_DOUBLE_EQ(top1->Result()->value, 0.5);
  const std::unique_ptr<Metric> top5 = Make("top5");
  Add(top5.get(), Scores({9, 8, 7, 6, 5, 4}), Label(4));
  Add(top5.get(), Scores({9, 8, 7, 6, 5, 4}), Label(5));
  EXPECT_DOUBLE_EQ(top5->Result()->value, 0.5);
}

TEST(MetricsTest, ClassesInsteadOfScores) {
  const std::unique_ptr<Metric> top1 = Make("top1");
  Add(top1.get(), FromValues<int64_t>({1}, {7}), Label(7));
  Add(top1.get(), FromValues<int64_t>({3}, {1, 2, 3}),
      FromValues<int32_t>({3}, {1, 2, 4}));
  EXPECT_DOUBLE_EQ(top1->Result()->value, 0.75);
  Array cat, dog;
  cat.dtype = dog.dtype = "string";
  cat.shape = dog.shape = {1};
  cat.strings = {"cat"};
  dog.strings = {"dog"};
  const std::unique_ptr<Metric> agreement = Make("agreement");
  Add(agreement.get(), cat, cat);
  Add(agreement.get(), cat, dog);
  EXPECT_DOUBLE_EQ(agreement->Result()->value, 0.5);
  // Whole numbers of several classes and one label are scores.
  const std::unique_ptr<Metric> scores = Make("top1");
  Add(scores.get(), FromValues<int64_t>({3}, {1, 5, 3}), Label(1));
  EXPECT_DOUBLE_EQ(scores->Result()->value, 1);
  EXPECT_FALSE(Make("top1")->Add("s", {cat}, {Label(0)}).ok());
  EXPECT_FALSE(
      Make("agreement")->Add("s", {cat}, {FromValues<int64_t>({1}, {0})}).ok());
  EXPECT_FALSE(
      Make("top5")->Add("s", {FromValues<int64_t>({1}, {7})}, {Label(7)}).ok());
}

TEST(MetricsTest, AgreementCountsPositions) {
  const std::unique_ptr<Metric> agreement = Make("agreement");
  // Two positions of two classes, on the last axis; then on axis 1 of four.
  Add(agreement.get(), FromValues<float>({1, 2, 2}, {0, 1, 1, 0}),
      FromValues<float>({1, 2, 2}, {0, 2, 0, 1}));
  Add(agreement.get(), FromValues<float>({1, 2, 1, 2}, {0, 1, 1, 0}),
      FromValues<float>({1, 2, 1, 2}, {0, 2, 2, 0}));
  const Estimate e = *agreement->Result();
  EXPECT_DOUBLE_EQ(e.value, 0.75);
  EXPECT_LT(e.low, e.value);
  EXPECT_LE(e.high, 1);
}

TEST(MetricsTest, SqnrInDecibels) {
  const std::unique_ptr<Metric> sqnr = Make("sqnr");
  Add(sqnr.get(), Scores({10, 1}), Scores({10, 0}));  // 100 : 1
  EXPECT_NEAR(sqnr->Result()->value, 20, 1e-9);
  Add(sqnr.get(), Scores({20, 2}), Scores({20, 0}));
  const Estimate e = *sqnr->Result();
  EXPECT_NEAR(e.value, 20, 1e-9);
  EXPECT_NEAR(e.low, 20, 1e-6);  // both samples have the same ratio
  const std::unique_ptr<Metric> equal = Make("sqnr");
  Add(equal.get(), Scores({1, 2}), Scores({1, 2}));
  EXPECT_EQ(equal->Result()->value, 200);
}

TEST(MetricsTest, CosineMseMae) {
  const std::unique_ptr<Metric> cosine = Make("cosine");
  Add(cosine.get(), Scores({1, 0}), Scores({1, 1}));
  EXPECT_NEAR(cosine->Result()->value, std::sqrt(0.5), 1e-12);
  Add(cosine.get(), Scores({0, 0}), Scores({0, 0}));
  EXPECT_NEAR(cosine->Result()->value, (1 + std::sqrt(0.5)) / 2, 1e-12);
  const std::unique_ptr<Metric> mse = Make("mse"), mae = Make("mae");
  for (Metric* metric : {mse.get(), mae.get()}) {
    Add(metric, Scores({1, 3}), Scores({0, 0}));
    Add(metric, Scores({0, 0}), Scores({0, 0}));
  }
  EXPECT_DOUBLE_EQ(mse->Result()->value, 2.5);
  EXPECT_DOUBLE_EQ(mae->Result()->value, 1);
  // Means 0 and 2 of two samples: standard error 1.
  EXPECT_NEAR(mae->Result()->high, 1 + 1.959964, 1e-6);
  EXPECT_EQ(mae->Result()->low, 0);
}

TEST(MetricsTest, F1AucSpearman) {
  const std::unique_ptr<Metric> f1 = Make("f1");
  // Two hits, one false alarm, one miss: 2*2 / (2*2 + 1 + 1).
  for (const auto& [best, label] : std::vector<std::pair<int, int>>{
           {1, 1}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}) {
    Add(f1.get(), best == 1 ? Scores({0, 1}) : Scores({1, 0}), Label(label));
  }
  EXPECT_NEAR(f1->Result()->value, 2.0 / 3, 1e-12);
  EXPECT_LE(f1->Result()->low, 2.0 / 3);
  const std::unique_ptr<Metric> auc = Make("auc");
  const std::vector<float> scores = {0.1f, 0.4f, 0.35f, 0.8f};
  for (int i = 0; i < 4; ++i) Add(auc.get(), Scores({scores[i]}), Label(i / 2));
  EXPECT_DOUBLE_EQ(auc->Result()->value, 0.75);
  const std::unique_ptr<Metric> spearman = Make("spearman");
  const std::vector<float> xs = {1, 2, 3, 4, 5}, ys = {5, 6, 7, 8, 7};
  for (int i = 0; i < 5; ++i) {
    Add(spearman.get(), Scores({xs[i]}), Scores({ys[i]}));
  }
  EXPECT_NEAR(spearman->Result()->value, 0.8207826817, 1e-9);
  EXPECT_LT(spearman->Result()->low, 0.83);
}

TEST(MetricsTest, ErrorsNameTheSample) {
  struct Case {
    std::string metric;
    std::vector<Array> outputs, expected;
    std::string part;
  };
  const Array nan = Scores({0, NAN, 0});
  const Array good = Scores({0, 1, 2});
  const std::vector<Case> cases = {
      {"top1", {nan}, {Label(0)}, "NaN at element 1"},
      {"top1", {good}, {}, "found none"},
      {"top1", {good}, {Label(3)}, "below 3, found 3"},
      {"top1", {good}, {Label(-1)}, "found -1"},
      {"top1", {good}, {good}, "expected 1 numbers"},
      {"top1", {}, {Label(0)}, "no output"},
      {"top1", {Scores({1})}, {Label(0)}, "two or more classes"},
      {"agreement", {good}, {Scores({1, 2})}, "expected [1, 2], found [1, 3]"},
      {"sqnr", {nan}, {good}, "NaN"},
      {"sqnr", {good}, {}, "reference outputs"},
      {"sqnr", {Scores({INFINITY})}, {Scores({1})}, "infinity"},
      {"cosine", {good}, {Scores({1})}, "expected [1, 1]"},
      {"mse", {good}, {Scores({1})}, "expected 3 numbers"},
      {"f1", {good}, {Label(9)}, "found 9"},
      {"auc", {good}, {Label(0)}, "found [1, 3]"},
      {"spearman", {good}, {nan}, "NaN"}};
  for (const Case& c : cases) {
    const absl::Status status =
        Make(c.metric)->Add("img_17.png", c.outputs, c.expected);
    EXPECT_TRUE(absl::StrContains(status.message(), "img_17.png")) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), c.part))
        << c.metric << ": " << status;
  }
}

TEST(MetricsTest, EveryMetricIsListedAndNeedsSamples) {
  for (const MetricInfo& info : Metrics()) {
    EXPECT_FALSE(Make(info.name)->Result().ok()) << info.name;
    EXPECT_EQ(FindMetric(info.name), &info);
  }
  EXPECT_EQ(FindMetric("accuracy"), nullptr);
  EXPECT_TRUE(absl::StrContains(MakeMetric("accuracy").status().message(),
                                "top1 top5"));
}

}  // namespace
}  // namespace hone::datasets
