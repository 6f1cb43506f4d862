#include "kernels/cpu/parallel/parallel_nest.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Rows in one task or in pieces: every element once, at its own place.
TEST(ForNest, VisitsEveryElementOnce) {
  for (const int64_t grain : {1, 4, 7, 100}) {
    for (const int threads : {1, 3}) {
      // [3, 5, 10], read from [5, 10] broadcast along the first axis.
      const LoopNest nest({3, 5, 10}, {{50, 10, 1}, {0, 10, 1}});
      std::vector<int> visits(150, 0);
      ThreadPool pool(threads);
      ForNest(pool, nest, grain, [&](const LoopNest::Offsets& at, int64_t n) {
        for (int64_t i = 0; i < n; ++i) {
          const int64_t to = at[0] + i * nest.inner_stride(0);
          EXPECT_EQ(at[1] + i * nest.inner_stride(1), to % 50);
          ++visits[static_cast<size_t>(to)];
        }
      });
      EXPECT_EQ(visits, std::vector<int>(150, 1)) << grain;
    }
  }
}

}  // namespace
}  // namespace hone
