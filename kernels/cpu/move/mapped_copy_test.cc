#include "kernels/cpu/move/mapped_copy.h"

#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

template <typename T>
void EqualsIndexing() {
  std::vector<T> x(3 * 4 * 5);
  std::iota(x.begin(), x.end(), T{0});
  ThreadPool pool(2);
  const std::vector<std::vector<int64_t>> firsts = {{2, 0, 0}, {0, 1, 2}};
  const std::vector<std::vector<int64_t>> lasts = {{4, 3, 3, 0, 1, 1},
                                                   {0, 1, 2, 3, 4}};
  for (const auto& first : firsts) {
    for (const auto& last : lasts) {
      const std::vector<int64_t> middle = {3, 1};
      std::vector<T> y(first.size() * middle.size() * last.size());
      MappedCopy(pool, sizeof(T), {3, 4, 5}, {first, middle, last}, x.data(),
                 y.data());
      size_t at = 0;
      for (const int64_t i : first) {
        for (const int64_t j : middle) {
          for (const int64_t k : last) {
            EXPECT_EQ(y[at++], x[static_cast<size_t>((i * 4 + j) * 5 + k)]);
          }
        }
      }
    }
  }
}

TEST(MappedCopy, EqualsIndexing) {
  EqualsIndexing<uint8_t>();
  EqualsIndexing<uint16_t>();
  EqualsIndexing<float>();
  EqualsIndexing<double>();
}

TEST(MappedCopy, ScalarAndEmpty) {
  ThreadPool pool(1);
  const float x = 3;
  float y = 0;
  MappedCopy(pool, 4, {}, {}, &x, &y);
  EXPECT_EQ(y, 3);
  MappedCopy(pool, 4, {1, 1}, {{0}, {}}, &x, &y);
}

}  // namespace
}  // namespace hone
