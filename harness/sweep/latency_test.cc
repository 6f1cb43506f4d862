#include "harness/sweep/latency.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/machine/machine.h"
#include "harness/sweep/summary.h"

namespace hone::harness {
namespace {

class FakeProbe : public LatencyProbe {
 public:
  absl::StatusOr<RoundsResult> Time(const std::string& path) override {
    ++timed[std::filesystem::path(path).filename().string()];
    if (interrupted) return CancelledError();
    RoundsResult rounds;
    rounds.noise = noises.empty() ? 0.01 : noises.front();
    if (noises.size() > 1) noises.erase(noises.begin());
    rounds.timings.resize(2);
    rounds.timings[0].ratio = {1, 1, 1};
    rounds.timings[1].ratio = {0.5, 0.4, 0.6};
    for (int i = 0; i < 2; ++i) {
      Timing& timing = rounds.timings[i];
      timing.runs_ms = timing.round_ms = {4.0 - i, 4.0 - i};
      timing.median_ms = 4.0 - i;
      timing.p99_ms = 9;
      timing.min_ms = 1;
    }
    return rounds;
  }
  std::string engine() const override { return name; }
  int64_t threads() const override { return 2; }

  std::map<std::string, int> timed;
  std::vector<double> noises;
  std::string name = "fake";
  bool interrupted = false;
};

// Trials 1 and 2 have one file, 3 another, 4 failed.
class LatencyTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/latency_test";
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(MakeFolder(folder_).ok());
    store_ = *Store::Open(folder_ + "/study.sqlite");
    const std::vector<NewTrial> trials(5, NewTrial{"t", "{}"});
    ASSERT_TRUE(store_->Begin({{"metrics", {"top1"}}}, trials).ok());
    const char* files[] = {"f", "a", "a", "b"};
    for (const char* file : files) {
      const auto claim = *store_->ClaimNext(ProcessIdentity());
      ASSERT_TRUE(store_->Finish(*claim, {file, file, 1}, "{}", {}).ok());
    }
    const auto claim = *store_->ClaimNext(ProcessIdentity());
    ASSERT_TRUE(store_->Fail(*claim, "no").ok());
  }
  LatencyOutcome Run() {
    const auto outcome =
        MeasureLatencies(*store_, probe_, folder_, options_, &progress_);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return *outcome;
  }
  double Ratio(int trial) {
    const auto trials = *store_->Trials();
    const Measurement* m =
        FindMeasurement(trials[static_cast<size_t>(trial)], "latency", "ratio");
    return m == nullptr ? -1 : m->value;
  }

  std::string folder_;
  std::unique_ptr<Store> store_;
  FakeProbe probe_;
  LatencyOptions options_;
  Progress progress_{stderr, ProgressMode::kNone, true};
};

TEST_F(LatencyTest, EveryFileIsTimedOnceAndRemembered) {
  EXPECT_EQ(Run().measured, 2);
  EXPECT_EQ(probe_.timed, (std::map<std::string, int>{{"a", 1}, {"b", 1}}));
  EXPECT_EQ(Ratio(1), 0.5);
  EXPECT_EQ(Ratio(2), 0.5);
  EXPECT_EQ(Ratio(0), 1);
  EXPECT_EQ(Ratio(4), -1);
  const auto trials = *store_->Trials();
  const Measurement* m = FindMeasurement(trials[3], "latency", "median_ms");
  EXPECT_EQ(m->value, 3);
  EXPECT_EQ(m->engine, "fake");
  EXPECT_EQ(m->threads, 2);
  EXPECT_EQ(m->machine, MachineName());
  EXPECT_EQ(Run().measured, 0);
}

TEST_F(LatencyTest, ANoisyPairIsTriedAgainAndTold) {
  probe_.noises = {0.5, 0.2, 0.03, 0.3};
  const LatencyOutcome outcome = Run();
  EXPECT_EQ(probe_.timed["a"], 3);  // the third was quiet
  EXPECT_EQ(probe_.timed["b"], 3);  // none was
  EXPECT_EQ(outcome.noisy, 1);
  EXPECT_EQ(outcome.worst_noise, 0.3);
  // The next time only the noisy one is timed again.
  probe_.noises = {0.01};
  EXPECT_EQ(Run().measured, 1);
  EXPECT_EQ(probe_.timed["b"], 4);
}

TEST_F(LatencyTest, AnotherEngineIsTimedAnew) {
  Run();
  probe_.name = "other";
  EXPECT_EQ(Run().measured, 2);
  EXPECT_EQ(FindMeasurement((*store_->Trials())[1], "latency", "ratio")->engine,
            "other");
}

TEST_F(LatencyTest, TheDeadlineAndInterruptionsLeaveTheRest) {
  options_.deadline = absl::InfinitePast();
  EXPECT_EQ(Run().left, 3);
  options_.deadline = absl::InfiniteFuture();
  probe_.interrupted = true;
  EXPECT_EQ(
      ExitCode(MeasureLatencies(*store_, probe_, folder_, options_, &progress_)
                   .status()),
      130);
  EXPECT_EQ(Ratio(1), -1);
}

}  // namespace
}  // namespace hone::harness
