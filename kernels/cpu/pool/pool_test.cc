#include "kernels/cpu/pool/pool.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/pool/pool_ref.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

PoolAxis Axis(int64_t input, int64_t kernel, int64_t stride, int64_t dilation,
              int64_t begin, int64_t end, bool ceil) {
  PoolAxis axis = {input, 0, kernel, stride, dilation, begin, end};
  const int64_t room = input + begin + end - (kernel - 1) * dilation - 1;
  axis.output = (room + (ceil ? stride - 1 : 0)) / stride + 1;
  if (ceil && (axis.output - 1) * stride >= input + begin) --axis.output;
  return axis;
}

std::vector<PoolAxis> Axes() {
  return {Axis(1, 1, 1, 1, 0, 0, false),  Axis(7, 3, 2, 1, 1, 1, false),
          Axis(40, 3, 1, 1, 1, 1, false), Axis(37, 2, 2, 1, 0, 0, true),
          Axis(37, 3, 2, 2, 2, 3, true),  Axis(56, 5, 3, 1, 0, 2, false),
          Axis(9, 9, 1, 1, 0, 0, false),  Axis(6, 4, 5, 1, 3, 3, true)};
}

void Compare(const PoolShape& shape) {
  ThreadPool threads(2);
  std::vector<float> x(static_cast<size_t>(shape.planes * shape.input_size()));
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i * 7919 % 211) * 0.02f - 2;
  }
  for (const PoolOp op : {PoolOp::kMax, PoolOp::kAverage, PoolOp::kLp}) {
    std::vector<float> y(
        static_cast<size_t>(shape.planes * shape.output_size()), 9.0f);
    std::vector<float> want(y);
    Pool(threads, op, x.data(), shape, y.data());
    PoolRef(threads, op, x.data(), shape, want.data());
    for (size_t i = 0; i < y.size(); ++i) {
      ASSERT_NEAR(y[i], want[i], op == PoolOp::kMax ? 0 : 2e-6f)
          << "op " << static_cast<int>(op) << " at " << i;
    }
  }
}

TEST(Pool, AgreesWithTheDefinitionOnEveryTarget) {
  ForEachTarget([&] {
    for (const PoolAxis& axis : Axes()) {
      Compare({2, {axis}});
      for (const PoolAxis& other : Axes()) {
        Compare({2, {axis, other}, false});
        Compare({1, {axis, other}, true});
      }
    }
  });
}

TEST(Pool, ThreeAxes) {
  const PoolAxis axis = Axis(7, 3, 2, 1, 1, 1, false);
  Compare({2, {axis, axis, Axis(5, 2, 1, 2, 0, 1, false)}});
}

TEST(PoolRef, KnownValuesAndIndices) {
  ThreadPool threads(1);
  const std::vector<int8_t> x = {1, 5, 2, 7, 0, -3, -128, 4, 4};
  const PoolAxis axis = Axis(3, 2, 1, 1, 0, 0, false);
  std::vector<int8_t> y(4);
  std::vector<int64_t> at(4);
  PoolRef(threads, PoolOp::kMax, x.data(), {1, {axis, axis}}, y.data(),
          at.data());
  EXPECT_EQ(y, (std::vector<int8_t>{7, 5, 7, 4}));
  EXPECT_EQ(at, (std::vector<int64_t>{3, 1, 3, 7}));
  PoolRef(threads, PoolOp::kMax, x.data(), {1, {axis, axis}}, y.data(),
          at.data(), /*column_major=*/true);
  EXPECT_EQ(at, (std::vector<int64_t>{1, 3, 1, 5}));
}

TEST(Pool, AverageCountsPaddingOnlyWhenAsked) {
  ThreadPool threads(1);
  const std::vector<float> x = {2, 4};
  const PoolAxis axis = Axis(2, 3, 1, 1, 1, 1, false);
  std::vector<float> y(2);
  Pool(threads, PoolOp::kAverage, x.data(), {1, {axis}, false}, y.data());
  EXPECT_EQ(y, (std::vector<float>{3, 3}));
  Pool(threads, PoolOp::kAverage, x.data(), {1, {axis}, true}, y.data());
  EXPECT_EQ(y, (std::vector<float>{2, 2}));
}

}  // namespace
}  // namespace hone
