#include "kernels/cpu/softmax/softmax.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/softmax/softmax_ref.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

TEST(Softmax, AgreesWithTheDefinitionOnEveryTargetAndTail) {
  ThreadPool pool(2);
  ForEachTarget([&] {
    for (const int64_t extent : {1, 2, 7, 16, 33, 70}) {
      for (const int64_t inner : {1, 3, 16, 37}) {
        const SoftmaxShape shape = {3, extent, inner};
        std::vector<float> x(static_cast<size_t>(3 * extent * inner));
        for (size_t i = 0; i < x.size(); ++i) {
          x[i] = static_cast<float>(i * 7919 % 101) * 0.3f - 12;
        }
        for (const bool log : {false, true}) {
          std::vector<float> y(x.size()), want(x.size());
          Softmax(pool, x.data(), shape, log, y.data());
          SoftmaxRef(x.data(), shape, log, want.data());
          for (size_t i = 0; i < x.size(); ++i) {
            ASSERT_NEAR(y[i], want[i],
                        0x1p-24f * (16 + extent) *
                            (log ? 1 + std::fabs(want[i]) : want[i]));
          }
          Softmax(pool, x.data(), shape, log, x.data());
          EXPECT_EQ(x, y) << "in place";
        }
      }
    }
  });
}

TEST(Softmax, LargeAndInfiniteElements) {
  ThreadPool pool(1);
  const float inf = std::numeric_limits<float>::infinity();
  ForEachTarget([&] {
    std::vector<float> y(3);
    const std::vector<float> large = {3e38f, 3e38f, -3e38f};
    Softmax(pool, large.data(), {1, 3, 1}, false, y.data());
    EXPECT_EQ(y, (std::vector<float>{0.5f, 0.5f, 0}));
    const std::vector<float> masked = {0, -inf, -inf};
    Softmax(pool, masked.data(), {1, 3, 1}, false, y.data());
    EXPECT_EQ(y, (std::vector<float>{1, 0, 0}));
    const std::vector<float> nan = {0, std::nanf(""), 1};
    Softmax(pool, nan.data(), {1, 3, 1}, false, y.data());
    EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]) && std::isnan(y[2]));
  });
}

}  // namespace
}  // namespace hone
