#include "harness/bench/rounds.h"

#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace hone::harness {
namespace {

// A machine whose clock is the sum of all runs, and whose speed may change.
struct World {
  double seconds = 0;
  std::function<double(double)> slowdown = [](double) { return 1.0; };
  std::vector<std::string> turns;
};

class Fake : public Contender {
 public:
  Fake(World* world, std::string name, double ms)
      : world_(world), name_(std::move(name)), ms_(ms) {}
  std::string model() const override { return name_; }
  std::string engine() const override { return "fake"; }
  absl::StatusOr<std::vector<double>> Time(int64_t sample,
                                           int64_t runs) override {
    if (fails) return absl::InternalError("broken");
    if (resting) {
      world_->turns.push_back(name_);
      resting = false;
    }
    std::vector<double> out;
    for (int64_t i = 0; i < runs; ++i) {
      const double ms = ms_ * (1 + 0.1 * static_cast<double>(sample)) *
                        world_->slowdown(world_->seconds);
      world_->seconds += ms / 1e3;
      out.push_back(ms);
    }
    return out;
  }
  absl::Status Rest() override {
    resting = true;
    return absl::OkStatus();
  }

  bool fails = false;
  bool resting = true;

 private:
  World* const world_;
  const std::string name_;
  const double ms_;
};

class RoundsTest : public testing::Test {
 protected:
  RoundsTest() {
    options_.now = [this] { return world_.seconds; };
  }
  World world_;
  Fake a_{&world_, "a", 2}, b_{&world_, "b", 1}, c_{&world_, "c", 2};
  RoundOptions options_;
};

TEST_F(RoundsTest, AQuietMachineGivesExactRatios) {
  const auto result = RunRounds({&a_, &b_, &c_}, options_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->rounds, 30);
  EXPECT_DOUBLE_EQ(result->timings[0].median_ms, 2);
  EXPECT_DOUBLE_EQ(result->timings[1].p99_ms, 1);
  EXPECT_DOUBLE_EQ(result->timings[1].min_ms, 1);
  EXPECT_DOUBLE_EQ(result->timings[1].ratio.value, 0.5);
  EXPECT_EQ(result->timings[0].verdict, Verdict::kFirst);
  EXPECT_EQ(result->timings[1].verdict, Verdict::kFaster);
  EXPECT_EQ(result->timings[2].verdict, Verdict::kSame);
  EXPECT_DOUBLE_EQ(result->noise, 0);
  EXPECT_TRUE(result->conclusive);
  // 20 ms a turn; the run that warms up is not counted.
  EXPECT_EQ(result->timings[0].runs_ms.size(), 30u * 10);
  EXPECT_EQ(result->timings[1].runs_ms.size(), 30u * 20);
}

TEST_F(RoundsTest, RoundsGoThereAndBack) {
  options_.rounds = 6;
  ASSERT_TRUE(RunRounds({&a_, &b_, &c_}, options_).ok());
  const std::vector<std::string> begin(world_.turns.begin(),
                                       world_.turns.begin() + 11);
  EXPECT_EQ(begin, (std::vector<std::string>{"a", "b", "c",          // warm up
                                             "a", "b", "c", "a",     // forth
                                             "a", "c", "b", "a"}));  // back
}

TEST_F(RoundsTest, SamplesArePairedAcrossModels) {
  options_.samples = 4;
  const auto result = RunRounds({&a_, &b_}, options_);
  ASSERT_TRUE(result.ok());
  EXPECT_DOUBLE_EQ(result->timings[1].ratio.low, 0.5);
  EXPECT_DOUBLE_EQ(result->timings[1].ratio.high, 0.5);
  EXPECT_GT(result->timings[0].p99_ms, result->timings[0].min_ms);
}

TEST_F(RoundsTest, AMachineThatSlowsDownKeepsTheRatio) {
  world_.slowdown = [](double s) { return 1 + s / 4; };
  const auto result = RunRounds({&a_, &b_}, options_);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->timings[1].ratio.value, 0.5, 0.005);
  EXPECT_EQ(result->timings[1].verdict, Verdict::kFaster);
}

TEST_F(RoundsTest, ANoisyMachineIsToldAndHidesNoLargeDifference) {
  // Slow and fast stretches that follow nothing.
  world_.slowdown = [](double s) {
    const double x = std::sin(std::floor(s * 30)) * 43758.5453;
    return 1 + 0.6 * (x - std::floor(x));
  };
  const auto result = RunRounds({&a_, &b_, &c_}, options_);
  ASSERT_TRUE(result.ok());
  EXPECT_GT(result->noise, 0.05);
  EXPECT_EQ(result->timings[1].verdict, Verdict::kFaster);
  EXPECT_EQ(result->timings[2].verdict, Verdict::kUnclear);
  EXPECT_FALSE(result->conclusive);
  options_.max_noise = 10;
  EXPECT_TRUE(RunRounds({&a_, &b_, &c_}, options_)->conclusive);
}

TEST_F(RoundsTest, TimeEndsItAfterTheLeastRounds) {
  options_.max_seconds = 0;
  const auto result = RunRounds({&a_}, options_);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->rounds, kLeastRounds);
  EXPECT_TRUE(result->out_of_time);
  EXPECT_TRUE(result->conclusive);
}

TEST_F(RoundsTest, AFailureAndAnInterruptionEndIt) {
  options_.progress = [](int64_t done, int64_t total, double) {
    EXPECT_EQ(total, 60);
    return done == 5 ? absl::CancelledError("stop") : absl::OkStatus();
  };
  EXPECT_EQ(RunRounds({&a_}, options_).status().code(),
            absl::StatusCode::kCancelled);
  b_.fails = true;
  EXPECT_EQ(RunRounds({&a_, &b_}, {}).status().message(), "broken");
}

TEST(VerdictTest, NeedsADifferenceThatNoiseCannotMake) {
  EXPECT_EQ(VerdictOf({0.9, 0.88, 0.92}, 0.02, 0.05), Verdict::kFaster);
  EXPECT_EQ(VerdictOf({0.9, 0.88, 0.92}, 0.10, 0.05), Verdict::kUnclear);
  EXPECT_EQ(VerdictOf({1.2, 1.15, 1.3}, 0.10, 0.05), Verdict::kSlower);
  EXPECT_EQ(VerdictOf({1.0, 0.97, 1.02}, 0.01, 0.05), Verdict::kSame);
  EXPECT_EQ(VerdictOf({1.0, 0.90, 1.02}, 0.01, 0.05), Verdict::kUnclear);
  EXPECT_EQ(VerdictOf({1.0, 0.99, 1.01}, 0.06, 0.05), Verdict::kUnclear);
}

}  // namespace
}  // namespace hone::harness
