#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include "kernels/cpu/int8/elementwise/elementwise.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/int8/elementwise/elementwise_ref.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

template <typename T>
std::vector<T> Random(size_t n, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<T> x(n);
  for (T& v : x) v = static_cast<T>(random());
  return x;
}

template <typename T>
void CheckBinary() {
  const Int8BinaryParams params = {0.02f,
                                   0.031f,
                                   0.027f,
                                   3,
                                   100,
                                   -2,
                                   std::numeric_limits<T>::min(),
                                   std::numeric_limits<T>::max()};
  Int8BinaryParams bounded = params;
  bounded.low = 5;
  bounded.high = 99;
  for (const Int8BinaryOp op : {Int8BinaryOp::kAdd, Int8BinaryOp::kMul}) {
    for (const Int8BinaryParams& p : {params, bounded}) {
      for (size_t n = 0; n < 70; ++n) {
        const std::vector<T> a = Random<T>(n + 1, 1);
        const std::vector<T> b = Random<T>(n + 1, 2);
        for (int64_t step : {0, 1}) {
          std::vector<T> y(n), expected(n);
          Int8BinaryRow(op, p, a.data(), 1, b.data(), step, n, y.data());
          Int8BinaryRowRef(op, p, a.data(), 1, b.data(), step, n,
                           expected.data());
          ASSERT_EQ(y, expected) << n;
          Int8BinaryRow(op, p, a.data(), step, b.data(), 1, n, y.data());
          Int8BinaryRowRef(op, p, a.data(), step, b.data(), 1, n,
                           expected.data());
          ASSERT_EQ(y, expected) << n;
        }
      }
    }
  }
}

TEST(Int8Binary, EqualsTheDefinition) {
  ForEachTarget([] {
    CheckBinary<uint8_t>();
    CheckBinary<int8_t>();
  });
}

TEST(Int8Binary, HalvesGoToEvenAndSumsClamp) {
  ForEachTarget([] {
    const Int8BinaryParams p = {1, 1, 2, 0, 0, 0, 0, 255};
    std::vector<uint8_t> a(20, 1), y(20);
    const std::vector<uint8_t> b = {0, 2, 4, 255, 1, 3, 5, 7, 9, 11,
                                    0, 2, 4, 255, 1, 3, 5, 7, 9, 11};
    Int8BinaryRow(Int8BinaryOp::kAdd, p, a.data(), 1, b.data(), 1, 20,
                  y.data());
    EXPECT_EQ(y[0], 0);    // 1 / 2
    EXPECT_EQ(y[1], 2);    // 3 / 2
    EXPECT_EQ(y[2], 2);    // 5 / 2
    EXPECT_EQ(y[3], 128);  // 256 / 2
    EXPECT_TRUE(std::equal(y.begin(), y.begin() + 10, y.begin() + 10));
    Int8BinaryRow(Int8BinaryOp::kMul, {1, 1, 0.5f, 0, 0, 0, 0, 255}, b.data(),
                  1, b.data(), 1, 20, y.data());
    EXPECT_EQ(y[3], 255);
    EXPECT_EQ(y[9], 242);  // 121 * 2
  });
}

TEST(Int8Table, LooksUpEveryByte) {
  ForEachTarget([] {
    const std::vector<uint8_t> table = Random<uint8_t>(256, 3);
    for (size_t n : {0u, 1u, 63u, 64u, 65u, 256u, 1000u}) {
      std::vector<uint8_t> x(n), y(n);
      for (size_t i = 0; i < n; ++i) x[i] = static_cast<uint8_t>(i * 7);
      Int8TableRow(table.data(), x.data(), n, y.data());
      for (size_t i = 0; i < n; ++i) ASSERT_EQ(y[i], table[x[i]]);
    }
  });
}

TEST(Int8Rows, MaximaSumsAndRequantization) {
  ForEachTarget([] {
    for (size_t n = 0; n < 70; ++n) {
      const std::vector<uint8_t> x = Random<uint8_t>(n, 4);
      const std::vector<int8_t> s = Random<int8_t>(n, 5);
      std::vector<uint8_t> y = Random<uint8_t>(n, 6);
      std::vector<int8_t> t = Random<int8_t>(n, 7);
      const std::vector<uint8_t> y0 = y;
      const std::vector<int8_t> t0 = t;
      std::vector<int32_t> sum(n, 1000), signed_sum(n, -5);
      Int8MaxRow(x.data(), n, y.data());
      Int8MaxRow(s.data(), n, t.data());
      Int8SumRow(x.data(), n, sum.data());
      Int8SumRow(s.data(), n, signed_sum.data());
      std::vector<uint8_t> q(n);
      Int8RequantizeRow(sum.data(), n, 0.15f, 7, 10, 200, q.data());
      for (size_t i = 0; i < n; ++i) {
        ASSERT_EQ(y[i], std::max(x[i], y0[i]));
        ASSERT_EQ(t[i], std::max(s[i], t0[i]));
        ASSERT_EQ(sum[i], 1000 + x[i]);
        ASSERT_EQ(signed_sum[i], s[i] - 5);
        ASSERT_EQ(q[i], RequantizeRef(sum[i], 0.15f, 7, 10, 200));
      }
    }
  });
}

}  // namespace
}  // namespace hone
