#include "kernels/cpu/int8/pool/pool.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/int8/pool/pool_ref.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

template <typename T>
void Check(Int8PoolShape s, Int8PoolParams p) {
  s.is_signed = std::is_signed_v<T>;
  if (s.is_signed) {
    p.low = -128;
    p.high = 127;
  }
  std::mt19937 random(1);
  const auto& a = s.axes;
  std::vector<T> x(static_cast<size_t>(s.batch * a[0].input * a[1].input *
                                       a[2].input * s.channels));
  for (T& v : x) v = static_cast<T>(random());
  const size_t size = static_cast<size_t>(s.batch * s.outputs() * s.channels);
  for (int threads : {1, 3}) {
    ThreadPool pool(threads);
    std::vector<T> y(size), expected(size);
    Int8MaxPool(s, x.data(), y.data(), pool);
    Int8PoolRef(s, true, p, x.data(), expected.data());
    EXPECT_EQ(y, expected);
    std::vector<std::byte> scratch(Int8AveragePoolScratchBytes(s, threads));
    Int8AveragePool(s, p, x.data(), y.data(), scratch.data(), pool);
    Int8PoolRef(s, false, p, x.data(), expected.data());
    EXPECT_EQ(y, expected);
  }
}

TEST(Int8Pool, EqualsTheDefinition) {
  const Int8PoolParams params = {0.1f, 0.07f, 120, 3, 0, 255};
  for (int64_t channels : {1, 16, 37}) {
    for (bool include : {false, true}) {
      Int8PoolShape s;
      s.batch = 2;
      s.channels = channels;
      s.count_include_pad = include;
      s.axes = {Int8PoolShape::Absent(), PoolAxis{9, 5, 3, 2, 1, 1, 1},
                PoolAxis{8, 4, 3, 2, 1, 1, 1}};
      Check<uint8_t>(s, params);
      Check<int8_t>(s, params);
      s.axes[2] = {8, 4, 2, 2, 2, 0, 0};
      Check<uint8_t>(s, params);
    }
  }
}

TEST(Int8Pool, MeanOfAWholeImage) {
  Int8PoolShape s;
  s.channels = 2;
  s.axes = {Int8PoolShape::Absent(), PoolAxis{2, 1, 2, 1, 1, 0, 0},
            PoolAxis{2, 1, 2, 1, 1, 0, 0}};
  const std::vector<uint8_t> x = {10, 0, 20, 255, 30, 255, 40, 255};
  std::vector<uint8_t> y(2);
  std::vector<std::byte> scratch(Int8AveragePoolScratchBytes(s, 1));
  ThreadPool pool(1);
  Int8AveragePool(s, {0.5f, 0.25f, 5, 1, 0, 255}, x.data(), y.data(),
                  scratch.data(), pool);
  // (25 - 5) * 0.5 / 0.25 + 1; the second is clamped.
  EXPECT_EQ(y, (std::vector<uint8_t>{41, 255}));
}

}  // namespace
}  // namespace hone
