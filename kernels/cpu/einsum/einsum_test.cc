#include "kernels/cpu/einsum/einsum.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

template <typename T>
class EinsumTest : public testing::Test {};
using Types = testing::Types<float, double, int64_t>;
TYPED_TEST_SUITE(EinsumTest, Types);

TYPED_TEST(EinsumTest, KnownAnswers) {
  using T = TypeParam;
  ThreadPool pool(2);
  const std::vector<T> a = {1, 2, 3, 4, 5, 6};
  const std::vector<T> b = {1, 10, 100};
  const EinsumOperand<T> matrix = {"ij", {2, 3}, a.data()};
  const EinsumOperand<T> vector = {"j", {3}, b.data()};
  EXPECT_EQ(Einsum<T>(pool, {matrix}, "ji"),
            (std::vector<T>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(Einsum<T>(pool, {matrix}, "i"), (std::vector<T>{6, 15}));
  EXPECT_EQ(Einsum<T>(pool, {matrix, vector}, "i"), (std::vector<T>{321, 654}));
  EXPECT_EQ(Einsum<T>(pool, {matrix, vector}, "ij"),
            (std::vector<T>{1, 20, 300, 4, 50, 600}));
  // Twice the same matrix, its rows' products, and a third operand.
  const EinsumOperand<T> other = {"kj", {2, 3}, a.data()};
  EXPECT_EQ(Einsum<T>(pool, {matrix, other}, "ik"),
            (std::vector<T>{14, 32, 32, 77}));
  EXPECT_EQ(Einsum<T>(pool, {matrix, other, vector}, ""),
            (std::vector<T>{25 + 490 + 8100}));
}

TYPED_TEST(EinsumTest, DiagonalsAndExtentsOfOne) {
  using T = TypeParam;
  ThreadPool pool(1);
  const std::vector<T> a = {1, 2, 3, 4};
  EXPECT_EQ(Einsum<T>(pool, {{"ii", {2, 2}, a.data()}}, "i"),
            (std::vector<T>{1, 4}));
  EXPECT_EQ(Einsum<T>(pool, {{"ii", {2, 2}, a.data()}}, ""),
            (std::vector<T>{5}));
  EXPECT_EQ(
      Einsum<T>(pool, {{"ij", {4, 1}, a.data()}, {"ij", {1, 2}, a.data()}},
                "ij"),
      (std::vector<T>{1, 2, 2, 4, 3, 6, 4, 8}));
}

}  // namespace
}  // namespace hone
