#include "kernels/cpu/attention/few_rows.h"

#include <cstddef>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

// Small integers, whose sums are exact in any order.
std::vector<float> Integers(int64_t n, int64_t step) {
  std::vector<float> values;
  for (int64_t i = 0; i < n; ++i) {
    values.push_back(static_cast<float>(i * step % 15 - 7));
  }
  return values;
}

TEST(FewRows, AreTheProductsForEveryTail) {
  ForEachTarget([&] {
    for (int64_t size = 1; size < 140; size += size < 40 ? 1 : 13) {
      for (const int64_t keys : {0, 1, 3, 4, 6, 9}) {
        const int64_t row = size + 3;  // rows lie apart
        const std::vector<float> q = Integers(size, 4);
        const std::vector<float> k = Integers(keys * row, 7);
        const std::vector<float> p = Integers(keys, 11);
        std::vector<float> scores(static_cast<size_t>(keys) + 1, 99);
        std::vector<float> y(static_cast<size_t>(size) + 1, 99);
        ScoreRow(q.data(), k.data(), row, keys, size, 0.5f, scores.data());
        WeighRows(p.data(), k.data(), row, keys, size, y.data());
        for (int64_t j = 0; j < keys; ++j) {
          float sum = 0;
          for (int64_t e = 0; e < size; ++e) {
            sum +=
                q[static_cast<size_t>(e)] * k[static_cast<size_t>(j * row + e)];
          }
          ASSERT_EQ(scores[static_cast<size_t>(j)], 0.5f * sum);
        }
        for (int64_t e = 0; e < size; ++e) {
          float sum = 0;
          for (int64_t j = 0; j < keys; ++j) {
            sum +=
                p[static_cast<size_t>(j)] * k[static_cast<size_t>(j * row + e)];
          }
          ASSERT_EQ(y[static_cast<size_t>(e)], sum);
        }
        EXPECT_EQ(scores.back(), 99);
        EXPECT_EQ(y.back(), 99);
      }
    }
  });
}

}  // namespace
}  // namespace hone
