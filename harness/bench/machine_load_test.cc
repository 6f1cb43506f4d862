#include "harness/bench/machine_load.h"

#include <unistd.h>

#include <chrono>

#include "gtest/gtest.h"

namespace hone::harness {
namespace {

TEST(ProcStatTest, AddsUpBusyTime) {
  double busy = 0, all = 0;
  ASSERT_TRUE(ParseProcStat("cpu  100 20 30 700 50 1 2 97 5 5\ncpu0 1\n", 100,
                            &busy, &all));
  EXPECT_DOUBLE_EQ(all, 10);
  EXPECT_DOUBLE_EQ(busy, 2.5);
  EXPECT_FALSE(ParseProcStat("", 100, &busy, &all));
  EXPECT_FALSE(ParseProcStat("cpu a b c d e f g h", 100, &busy, &all));
}

TEST(MachineLoadTest, OwnWorkIsNotTheOthers) {
  EXPECT_EQ(CpuSecondsOf(0), 0);
  const double before = CpuSecondsOf(getpid());
  const MachineLoad load;
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start <
         std::chrono::milliseconds(200)) {
  }
  EXPECT_GT(CpuSecondsOf(getpid()), before);
  EXPECT_GE(load.OthersShare(0), 0);
  EXPECT_LE(load.OthersShare(0), 1);
  // Others have used nothing when all of the time is our children's.
  EXPECT_EQ(load.OthersShare(1e9), 0);
}

}  // namespace
}  // namespace hone::harness
