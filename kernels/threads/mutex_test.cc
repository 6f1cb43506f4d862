#include "kernels/threads/mutex.h"

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "gtest/gtest.h"

namespace hone {
namespace {

// Threads take their turns in order, which only works when waiting gives the
// mutex back and every change wakes all that wait.
class Turns {
 public:
  void Take(int turn, int threads, int rounds) {
    for (int i = 0; i < rounds; ++i) {
      const MutexLock lock(&mutex_);
      changed_.Wait(&mutex_, [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
        return next_ == i * threads + turn;
      });
      order_.push_back(turn);
      ++next_;
      changed_.NotifyAll();
    }
  }
  std::vector<int> order() {
    const MutexLock lock(&mutex_);
    return order_;
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<int> order_ ABSL_GUARDED_BY(mutex_);
};

TEST(MutexTest, ThreadsTakeTurns) {
  constexpr int kThreads = 3, kRounds = 200;
  Turns turns;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] { turns.Take(t, kThreads, kRounds); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<int> order = turns.order();
  ASSERT_EQ(order.size(), static_cast<size_t>(kThreads * kRounds));
  for (size_t i = 0; i < order.size(); ++i) {
    ASSERT_EQ(order[i], static_cast<int>(i % kThreads));
  }
}

}  // namespace
}  // namespace hone
