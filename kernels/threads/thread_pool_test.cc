#include "kernels/threads/thread_pool.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

class ThreadPoolTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest, testing::Values(1, 2, 3, 8));

TEST_P(ThreadPoolTest, CallsEveryTaskOnce) {
  ThreadPool pool(GetParam());
  EXPECT_EQ(pool.threads(), GetParam());
  for (int64_t tasks : {0, 1, 2, 7, 1000}) {
    std::vector<int> calls(tasks, 0);  // a race on one would be a tsan report
    pool.ParallelFor(tasks, [&](int64_t i, int worker) {
      ASSERT_GE(worker, 0);
      ASSERT_LT(worker, GetParam());
      ++calls[i];
    });
    EXPECT_EQ(calls, std::vector<int>(tasks, 1));
  }
}

TEST_P(ThreadPoolTest, AWorkerRunsOneTaskAtATime) {
  ThreadPool pool(GetParam());
  std::vector<int64_t> sums(GetParam(), 0);  // written without a lock
  for (int loop = 0; loop < 2000; ++loop) {
    pool.ParallelFor(8, [&](int64_t i, int worker) { sums[worker] += i; });
  }
  int64_t total = 0;
  for (int64_t sum : sums) total += sum;
  EXPECT_EQ(total, 2000 * 28);
}

TEST_P(ThreadPoolTest, ANestedLoopKeepsItsWorker) {
  ThreadPool pool(GetParam());
  std::vector<int> calls(64, 0);
  pool.ParallelFor(8, [&](int64_t i, int worker) {
    pool.ParallelFor(8, [&](int64_t j, int inner) {
      EXPECT_EQ(inner, worker);
      ++calls[i * 8 + j];
    });
  });
  EXPECT_EQ(calls, std::vector<int>(64, 1));
}

TEST_P(ThreadPoolTest, AnotherPoolsLoopRunsInsideATask) {
  ThreadPool outer(GetParam());
  ThreadPool inner(2);
  std::atomic<int> calls{0};
  outer.ParallelFor(4, [&](int64_t, int) {
    inner.ParallelFor(5, [&](int64_t, int) { ++calls; });
  });
  EXPECT_EQ(calls.load(), 20);
}

TEST_P(ThreadPoolTest, LoopsOfSeveralThreadsTakeTurns) {
  ThreadPool pool(GetParam());
  int64_t sum = 0;  // only ever touched by worker 0's single task
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (int loop = 0; loop < 200; ++loop) {
        pool.ParallelFor(1, [&](int64_t, int) { ++sum; });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum, 800);
}

TEST_P(ThreadPoolTest, WakesAfterASleep) {
  ThreadPool pool(GetParam());
  for (int loop = 0; loop < 5; ++loop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::atomic<int> calls{0};
    pool.ParallelFor(16, [&](int64_t, int) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      ++calls;
    });
    EXPECT_EQ(calls.load(), 16);
  }
}

TEST(AvailableThreads, IsAtLeastOneAndAtMostTheMachine) {
  EXPECT_GE(AvailableThreads(), 1);
  EXPECT_LE(AvailableThreads(),
            static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace
}  // namespace hone
