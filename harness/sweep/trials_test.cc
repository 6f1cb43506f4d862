#include "harness/sweep/trials.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/sweep/summary.h"

namespace hone::harness {
namespace {

// Config N makes a file of N bytes whose metric is 1 - 1 / N; config 5 makes
// the same file as config 4, config 6 cannot be made.
class FakeWorker : public TrialWorker {
 public:
  absl::StatusOr<Built> Build(const std::string& config) override {
    ++built;
    const int n = ParseJson(config)["n"];
    if (n == stop_at) return stop_with;
    if (n == 6) return InputError("model", "cannot be quantized so");
    return Built{std::string(n == 5 ? 4 : n, 'x'), R"({"nodes": []})"};
  }
  absl::StatusOr<Artifact> Float() override {
    return Artifact{"float", model, float_bytes};
  }
  absl::StatusOr<std::vector<Measurement>> Measure(
      const std::string& path, const std::string& role) override {
    ++measured[role];
    const auto size = FileSize(path);
    if (!size.ok()) return size.status();
    Measurement m;
    m.role = role;
    m.metric = "top1";
    m.value = 1 - 1.0 / static_cast<double>(*size);
    m.low = m.value - 0.01;
    m.high = m.value + 0.01;
    m.samples = 10;
    return std::vector<Measurement>{m};
  }

  std::string model;
  int64_t float_bytes = 100;
  int built = 0;
  int stop_at = -1;
  absl::Status stop_with;
  std::map<std::string, int> measured;
};

class TrialsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/trials_test";
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(MakeFolder(folder_).ok());
    worker_.model = folder_ + "/float.onnx";
    ASSERT_TRUE(WriteFile(worker_.model, std::string(100, 'f')).ok());
    store_ = *Store::Open(folder_ + "/study.sqlite");
    std::vector<NewTrial> trials = {{"float", "{}"}};
    for (int n = 2; n <= 6; ++n) {
      trials.push_back(
          {absl::StrCat("n=", n), absl::StrCat("{\"n\":", n, "}")});
    }
    ASSERT_TRUE(store_
                    ->Begin({{"metrics", {"top1"}},
                             {"higher_is_better", {{"top1", true}}}},
                            trials)
                    .ok());
  }
  absl::StatusOr<TrialsOutcome> Run(
      absl::Time deadline = absl::InfiniteFuture()) {
    TrialsOptions options;
    options.folder = folder_;
    options.deadline = deadline;
    return RunTrials(*store_, {&worker_}, options, &progress_);
  }
  std::string folder_;
  std::unique_ptr<Store> store_;
  FakeWorker worker_;
  Progress progress_{stderr, ProgressMode::kNone, true};
};

TEST_F(TrialsTest, EveryTrialIsDoneOnceAndEqualFilesAreMeasuredOnce) {
  const auto outcome = Run();
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->left, 0);
  EXPECT_EQ(worker_.built, 5);
  EXPECT_EQ(worker_.measured["eval"], 4);  // float, 2, 3, 4
  const auto trials = *store_->Trials();
  EXPECT_EQ(trials[4].artifact->sha256, trials[3].artifact->sha256);
  EXPECT_EQ(trials[4].measurements[0].value, 0.75);
  EXPECT_EQ(trials[5].state, "failed");
  EXPECT_NE(trials[5].error.find("cannot be quantized so"), std::string::npos);
  EXPECT_EQ(*ReadFile(ArtifactPath(folder_, *trials[1].artifact)), "xx");
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(worker_.built, 5);
}

TEST_F(TrialsTest, AnInterruptionGivesTheTrialBack) {
  worker_.stop_at = 3;
  worker_.stop_with = CancelledError();
  EXPECT_EQ(ExitCode(Run().status()), 130);
  EXPECT_EQ(*store_->Count("done"), 2);
  EXPECT_EQ(*store_->Count("running"), 0);
  worker_.stop_at = -1;
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(*store_->Count("done"), 5);
}

TEST_F(TrialsTest, AFullDiskEndsTheRunAndFailsNoTrial) {
  worker_.stop_at = 2;
  worker_.stop_with = IoError("x", "cannot write", ENOSPC);
  EXPECT_EQ(ExitCode(Run().status()), 4);
  EXPECT_EQ(*store_->Count("failed"), 0);
}

TEST_F(TrialsTest, NothingIsBegunAfterTheDeadline) {
  const auto outcome = Run(absl::InfinitePast());
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->out_of_time);
  EXPECT_EQ(outcome->left, 6);
  EXPECT_EQ(worker_.built, 0);
}

TEST_F(TrialsTest, TestFiguresOfEqualFilesAreMeasuredOnce) {
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(
      MeasureOnTest(*store_, worker_, folder_, {0, 3, 4}, &progress_).ok());
  EXPECT_EQ(worker_.measured["test"], 2);
  const auto trials = *store_->Trials();
  EXPECT_EQ(FindMeasurement(trials[4], "test", "top1")->value, 0.75);
  EXPECT_EQ(FindMeasurement(trials[1], "test", "top1"), nullptr);
}

TEST_F(TrialsTest, WorkersShareTheTrials) {
  FakeWorker second, third;
  second.model = third.model = worker_.model;
  TrialsOptions options;
  options.folder = folder_;
  const auto outcome =
      RunTrials(*store_, {&worker_, &second, &third}, options, &progress_);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->left, 0);
  EXPECT_EQ(worker_.built + second.built + third.built, 5);
  const auto trials = *store_->Trials();
  for (const Trial& trial : trials) {
    EXPECT_EQ(trial.attempt, 1);
    EXPECT_EQ(trial.state, trial.id == 5 ? "failed" : "done");
  }
  EXPECT_EQ(FindMeasurement(trials[3], "eval", "top1")->value, 0.75);
}

TEST_F(TrialsTest, OneWorkersInterruptionEndsAll) {
  FakeWorker second;
  second.model = worker_.model;
  worker_.stop_at = second.stop_at = 3;
  worker_.stop_with = second.stop_with = CancelledError();
  TrialsOptions options;
  options.folder = folder_;
  EXPECT_EQ(
      ExitCode(RunTrials(*store_, {&worker_, &second}, options, &progress_)
                   .status()),
      130);
  EXPECT_EQ(*store_->Count("running"), 0);
}

TEST_F(TrialsTest, ASearchMayGoOnByWhatItSaw) {
  int asked = 0;
  TrialsOptions options;
  options.folder = folder_;
  options.more = [&](Store&, const std::vector<Trial>& trials)
      -> absl::StatusOr<std::vector<NewTrial>> {
    ++asked;
    EXPECT_EQ(trials.size(), asked == 1 ? 6u : 8u);
    if (asked > 1) return std::vector<NewTrial>();
    EXPECT_EQ(trials[1].measurements.size(), 1u);
    return std::vector<NewTrial>{{"n=9", "{\"n\":9}", "why"},
                                 {"n=8", "{\"n\":8}"}};
  };
  const auto outcome = RunTrials(*store_, {&worker_}, options, &progress_);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(*store_->Count("done"), 7);
  EXPECT_EQ((*store_->Trials())[6].label, "n=9");
  EXPECT_EQ((*store_->Trials())[6].reason, "why");
  // Nothing is asked when there is no time for the answer.
  options.deadline = absl::InfinitePast();
  const auto late = RunTrials(*store_, {&worker_}, options, &progress_);
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_TRUE(late->out_of_time);
  EXPECT_EQ(asked, 2);
}

TEST_F(TrialsTest, SomeBytesMoreOrLessAreTheSameSize) {
  ASSERT_TRUE(WriteFile(worker_.model, std::string(100000, 'f')).ok());
  worker_.float_bytes = 100000;
  ASSERT_TRUE(Run().ok());
  // Two, three and four bytes are alike beside 100 kB: the best value alone.
  EXPECT_EQ(Summarize(*store_, {})->front, (std::vector<size_t>{3}));
}

TEST_F(TrialsTest, SummaryPicksTheBestOfTheFront) {
  ASSERT_TRUE(Run().ok());
  const auto summary = Summarize(*store_, {});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->front, (std::vector<size_t>{1, 2, 3}));
  EXPECT_EQ(summary->best, 3u);
  // Float has 0.99: 3 bytes (0.667) are within 0.4, 2 bytes (0.5) are not.
  const auto bounded = Summarize(*store_, {{"", 0.4, false}});
  EXPECT_EQ(bounded->best, 2u);
  EXPECT_TRUE(bounded->met);
  const auto relative = Summarize(*store_, {{"top1", 0.3, true}});
  EXPECT_EQ(relative->best, 3u);
  const auto impossible = Summarize(*store_, {{"", 0.001, false}});
  EXPECT_FALSE(impossible->met);
  const Json json = SummaryJson(*summary, folder_);
  EXPECT_EQ(json["trials"], 6);
  EXPECT_EQ(json["done"], 5);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["pareto"].size(), 3u);
  EXPECT_EQ(json["pareto"][0]["config"]["n"], 2);
  EXPECT_NE(SummaryTable(*summary).find("n=4  <- best"), std::string::npos);
}

TEST_F(TrialsTest, AnAccuracySearchAsksForTheFewestLayersInFloat) {
  const std::vector<NewTrial> trials = {
      {"float", "{}"},
      {"some", "{\"ignored_names\":[\"a\",\"b\"],\"n\":7}"},
      {"few", "{\"ignored_names\":[\"a\"],\"n\":9}"},
      {"none", "{\"n\":3}"}};
  for (const char* method : {"grid", "accuracy"}) {
    const auto store = *Store::Open(absl::StrCat(folder_, "/", method));
    ASSERT_TRUE(store
                    ->Begin({{"metrics", {"top1"}},
                             {"higher_is_better", {{"top1", true}}},
                             {"method", method}},
                            trials)
                    .ok());
    TrialsOptions options;
    options.folder = folder_;
    ASSERT_TRUE(RunTrials(*store, {&worker_}, options, &progress_).ok());
    // Float has 0.99, the trials 0.857, 0.889 and 0.667.
    const auto summary = Summarize(*store, {{"", 0.15, false}});
    EXPECT_EQ(summary->best, method == std::string("grid") ? 1u : 2u);
  }
}

}  // namespace
}  // namespace hone::harness
