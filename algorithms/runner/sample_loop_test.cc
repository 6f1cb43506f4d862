#include "algorithms/runner/sample_loop.h"

#include <atomic>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

TEST(SampleLoopTest, EveryPositionOnce) {
  for (const int workers : {1, 2, 4}) {
    SampleLoop loop;
    loop.workers = workers;
    std::atomic<int> calls[100] = {};
    EXPECT_TRUE(loop.Run(100,
                         [&](uint64_t position, int worker) {
                           EXPECT_LT(worker, workers);
                           ++calls[position];
                           return absl::OkStatus();
                         })
                    .ok());
    for (const auto& c : calls) EXPECT_EQ(c, 1);
  }
}

TEST(SampleLoopTest, TheCauseWins) {
  SampleLoop loop;
  const absl::Status status = loop.Run(10, [](uint64_t position, int) {
    return position == 4 ? absl::NotFoundError("four") : absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
}

TEST(SampleLoopTest, CancelStops) {
  std::atomic<bool> cancel{false};
  SampleLoop loop;
  loop.cancel = &cancel;
  int calls = 0;
  const absl::Status status = loop.Run(1000, [&](uint64_t, int) {
    if (++calls == 3) cancel = true;
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(calls, 3);
}

TEST(SampleLoopTest, ProgressEndsAtTheTotal) {
  SampleLoop loop;
  loop.stage = "statistics";
  std::vector<Progress> seen;
  loop.progress = [&](const Progress& p) { seen.push_back(p); };
  ASSERT_TRUE(
      loop.Run(50, [](uint64_t, int) { return absl::OkStatus(); }).ok());
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().done, 50u);
  EXPECT_EQ(seen.back().total, 50u);
  EXPECT_EQ(seen.back().stage, "statistics");
  EXPECT_EQ(seen.back().eta_s, 0);
}

}  // namespace
}  // namespace hone
