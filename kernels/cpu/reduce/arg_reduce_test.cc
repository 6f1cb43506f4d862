#include "kernels/cpu/reduce/arg_reduce.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

std::vector<int64_t> Places(const std::vector<float>& x, int64_t outer,
                            int64_t extent, int64_t inner, bool greatest,
                            bool last) {
  ThreadPool pool(2);
  std::vector<int64_t> y(static_cast<size_t>(outer * inner), -1);
  ArgReduce(pool, x.data(), outer, extent, inner, greatest, last, y.data());
  return y;
}

using List = std::vector<int64_t>;

TEST(ArgReduce, AlongAnAxisInTheMiddle) {
  // [2, 3, 2]
  const std::vector<float> x = {1, 9, 5, 2, 3, 9, 7, 0, 6, 4, 7, 8};
  EXPECT_EQ(Places(x, 2, 3, 2, true, false), (List{1, 0, 0, 2}));
  EXPECT_EQ(Places(x, 2, 3, 2, true, true), (List{1, 2, 2, 2}));
  EXPECT_EQ(Places(x, 2, 3, 2, false, false), (List{0, 1, 1, 0}));
  EXPECT_EQ(Places(x, 4, 3, 1, true, false), (List{1, 2, 0, 2}));
}

TEST(ArgReduce, NanIsFoundOnlyWhereItComesFirst) {
  EXPECT_EQ(Places({1, NAN, 2, NAN, 1, 2}, 2, 3, 1, true, true), (List{2, 0}));
}

TEST(ArgReduce, ManyTasks) {
  std::vector<float> x(70000 * 2);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 3);
  const List places = Places(x, 70000, 2, 1, true, false);
  for (size_t o = 0; o < places.size(); ++o) {
    ASSERT_EQ(places[o], x[2 * o + 1] > x[2 * o] ? 1 : 0) << o;
  }
}

}  // namespace
}  // namespace hone
