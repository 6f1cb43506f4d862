#include "kernels/cpu/reduce/reduce.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/reduce/reduce_ref.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

std::vector<float> Samples(int64_t n) {
  std::vector<float> x(static_cast<size_t>(n));
  uint32_t state = 7;
  for (float& value : x) {
    state = state * 1664525u + 1013904223u;
    value = 0.05f + static_cast<float>(state >> 8) * 0x1p-24f;
  }
  return x;
}

const std::vector<ReduceShape>& Shapes() {
  static const auto* const shapes = new std::vector<ReduceShape>{
      {{}, {}},
      {{5}, {true}},
      {{5}, {false}},
      {{200003}, {true}},
      {{3, 70}, {false, true}},
      {{300, 7}, {true, false}},
      {{300, 700}, {true, false}},
      {{2, 3, 7, 7}, {false, false, true, true}},
      {{2, 30, 7, 5}, {true, false, true, true}},
      {{2, 30, 1, 5}, {false, true, false, false}},
      {{4, 5, 6, 7}, {false, true, false, true}},
      {{4, 5, 6, 7}, {true, false, true, false}},
      {{1, 1, 1}, {true, false, true}},
      {{4, 1, 1}, {false, true, true}},
  };
  return *shapes;
}

TEST(Reduce, AgreesWithTheDefinitionOnEveryTarget) {
  ThreadPool pool(2);
  ForEachTarget([&] {
    for (const ReduceShape& shape : Shapes()) {
      const int64_t kept = shape.kept_size(), count = shape.reduced_size();
      const std::vector<float> x = Samples(kept * count);
      for (int o = 0; o <= static_cast<int>(ReduceOp::kLogSumExp); ++o) {
        const ReduceOp op = static_cast<ReduceOp>(o);
        std::vector<float> y(static_cast<size_t>(kept), 9.0f), want = y;
        Reduce(pool, op, x.data(), shape, y.data());
        ReduceRef(pool, op, x.data(), shape, want.data());
        for (size_t i = 0; i < y.size(); ++i) {
          const float scale = std::fabs(want[i]) *
                              (op == ReduceOp::kProd ? float(count) : 300.0f);
          ASSERT_NEAR(y[i], want[i], 0x1p-24f * (scale + 1))
              << "op " << o << " of " << shape.dims.size() << " axes, " << count
              << " elements";
        }
      }
    }
  });
}

TEST(Reduce, AnyNumberOfThreadsGivesTheSameBits) {
  ThreadPool one(1), three(3);
  for (const ReduceShape& shape : Shapes()) {
    const std::vector<float> x =
        Samples(shape.kept_size() * shape.reduced_size());
    std::vector<float> a(static_cast<size_t>(shape.kept_size())), b = a;
    for (const ReduceOp op : {ReduceOp::kSum, ReduceOp::kLogSumExp}) {
      Reduce(one, op, x.data(), shape, a.data());
      Reduce(three, op, x.data(), shape, b.data());
      EXPECT_EQ(a, b);
    }
  }
}

TEST(Reduce, LogSumExpOfWhatIsNotFinite) {
  ThreadPool pool(2);
  const float infinity = HUGE_VALF, nan = std::nanf("");
  // Rows: of numbers far apart, with each infinity, of minus infinity alone,
  // with NaN.
  const std::vector<float> x = {
      1000,     999,       -1000,     -infinity, 1,         2,   -infinity, 3,
      infinity, -infinity, -infinity, -infinity, -infinity, nan, 1};
  const ReduceShape rows = {{5, 3}, {false, true}};
  const ReduceShape columns = {{3, 5}, {true, false}};
  std::vector<float> turned(15);
  for (size_t i = 0; i < 15; ++i) turned[i % 3 * 5 + i / 3] = x[i];
  ForEachTarget([&] {
    for (const bool by_rows : {true, false}) {
      std::vector<float> y(5);
      Reduce(pool, ReduceOp::kLogSumExp, by_rows ? x.data() : turned.data(),
             by_rows ? rows : columns, y.data());
      EXPECT_NEAR(y[0], 1000.31326f, 1e-3f);
      EXPECT_NEAR(y[1], 2.31326f, 1e-5f);
      EXPECT_EQ(y[2], infinity);
      EXPECT_EQ(y[3], -infinity);
      EXPECT_TRUE(std::isnan(y[4]));
    }
  });
}

TEST(Reduce, OfNothing) {
  ThreadPool pool(1);
  const ReduceShape shape = {{2, 0}, {false, true}};
  std::vector<float> y(2);
  Reduce(pool, ReduceOp::kSum, nullptr, shape, y.data());
  EXPECT_EQ(y, (std::vector<float>{0, 0}));
  Reduce(pool, ReduceOp::kProd, nullptr, shape, y.data());
  EXPECT_EQ(y, (std::vector<float>{1, 1}));
  Reduce(pool, ReduceOp::kMax, nullptr, shape, y.data());
  EXPECT_EQ(y[0], -HUGE_VALF);
}

TEST(Reduce, MaxAndMinKeepNan) {
  ThreadPool pool(1);
  ForEachTarget([&] {
    for (const size_t at : {0u, 17u, 32u}) {
      std::vector<float> x(33, 1.0f);
      x[at] = std::nanf("");
      for (const ReduceOp op : {ReduceOp::kMax, ReduceOp::kMin}) {
        float y = 0;
        Reduce(pool, op, x.data(), {{33}, {true}}, &y);
        EXPECT_TRUE(std::isnan(y));
      }
    }
  });
}

TEST(ReduceIntegers, KnownValues) {
  ThreadPool pool(1);
  const std::vector<int32_t> x = {-3, 4, 5, -8};
  int32_t y = 0;
  const ReduceShape shape = {{4}, {true}};
  ReduceRef(pool, ReduceOp::kMean, x.data(), shape, &y);
  EXPECT_EQ(y, 0);
  ReduceRef(pool, ReduceOp::kL1, x.data(), shape, &y);
  EXPECT_EQ(y, 20);
  ReduceRef(pool, ReduceOp::kMin, x.data(), shape, &y);
  EXPECT_EQ(y, -8);
  ReduceRef(pool, ReduceOp::kProd, x.data(), shape, &y);
  EXPECT_EQ(y, 480);
}

}  // namespace
}  // namespace hone
