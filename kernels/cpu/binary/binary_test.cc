#include "kernels/cpu/binary/binary.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

// Two units in the last place; NaN where NaN is wanted.
void ExpectNear(const std::vector<float>& y, const std::vector<float>& want) {
  for (size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(want[i])) {
      EXPECT_TRUE(std::isnan(y[i])) << i;
    } else if (std::isinf(want[i]) || want[i] == 0) {
      EXPECT_EQ(y[i], want[i]) << i;
    } else {
      EXPECT_NEAR(y[i], want[i], std::fabs(want[i]) * 0x1p-22f) << i;
    }
  }
}

TEST(BinaryRow, EqualsTheDefinitionForEveryTailAndStep) {
  constexpr size_t kMost = 70;
  std::vector<float> a(kMost), b(kMost);
  for (size_t i = 0; i < kMost; ++i) {
    a[i] = 0.5f * static_cast<float>(i) - 11.25f;
    b[i] = 3.0f - 0.3f * static_cast<float>(i);
  }
  ForEachTarget([&] {
    for (int o = 0; o <= static_cast<int>(BinaryOp::kPRelu); ++o) {
      const BinaryOp op = static_cast<BinaryOp>(o);
      for (int steps = 0; steps < 4; ++steps) {
        for (size_t n = 0; n < kMost; ++n) {
          std::vector<float> y(kMost, 7.0f), want(kMost, 7.0f);
          BinaryRow(op, a.data(), steps & 1, b.data(), steps >> 1, n, y.data());
          BinaryRowRef(op, a.data(), steps & 1, b.data(), steps >> 1, n,
                       want.data());
          if (op == BinaryOp::kPow) {
            ExpectNear(y, want);
            continue;
          }
          ASSERT_EQ(0, std::memcmp(y.data(), want.data(), kMost * 4))
              << "op " << o << " steps " << steps << " n " << n;
        }
      }
    }
  });
}

TEST(BinaryRow, MinAndMaxKeepNan) {
  const float nan = std::nanf("");
  const std::vector<float> a = {nan, 1, nan}, b = {1, nan, nan};
  ForEachTarget([&] {
    for (const BinaryOp op : {BinaryOp::kMin, BinaryOp::kMax}) {
      std::vector<float> y(3);
      BinaryRow(op, a.data(), 1, b.data(), 1, 3, y.data());
      for (const float value : y) EXPECT_TRUE(std::isnan(value));
    }
  });
}

TEST(BinaryRow, PowWithAStandingSquare) {
  const std::vector<float> x = {-3, 2, 0.5f};
  const float two = 2;
  std::vector<float> y(3);
  BinaryRow(BinaryOp::kPow, x.data(), 1, &two, 0, 3, y.data());
  EXPECT_EQ(y, (std::vector<float>{9, 4, 0.25f}));
}

TEST(BinaryRow, PowOfEveryKindOfNumber) {
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> bases = {
      0.0f,   -0.0f, 1.0f,  -1.0f, infinity, -infinity, std::nanf(""),
      1e-45f, 3e38f, -2.5f, 0.7f,  1e-38f,   1.0000001f};
  const std::vector<float> exponents = {
      0.0f,   -0.0f, 1.0f,     -1.0f,     0.5f,         -0.5f,
      2.0f,   3.0f,  4.0f,     -3.0f,     1.7f,         1e-3f,
      -88.5f, 1e9f,  infinity, -infinity, std::nanf("")};
  uint32_t word = 3;
  while (bases.size() < 600) {
    word = word * 1664525u + 1013904223u;
    bases.push_back(std::ldexp(static_cast<float>(word >> 8) * 0x1p-24f + 0.5f,
                               static_cast<int>(word & 127) - 64));
  }
  ForEachTarget([&] {
    for (const float b : exponents) {
      const std::vector<float> many(bases.size(), b);
      std::vector<float> y(bases.size()), z = y, want = y;
      BinaryRow(BinaryOp::kPow, bases.data(), 1, &b, 0, y.size(), y.data());
      BinaryRow(BinaryOp::kPow, bases.data(), 1, many.data(), 1, z.size(),
                z.data());
      BinaryRowRef(BinaryOp::kPow, bases.data(), 1, &b, 0, want.size(),
                   want.data());
      SCOPED_TRACE(b);
      // Operations in float32 lose what is below its normal numbers.
      const std::vector<float> few(y.begin() + 13, y.end());
      ExpectNear(z, want);
      ExpectNear(few, {want.begin() + 13, want.end()});
      for (const size_t i : {0, 1, 2, 3, 4, 5, 6}) {
        EXPECT_TRUE(y[i] == want[i] ||
                    (std::isnan(y[i]) && std::isnan(want[i])))
            << bases[i];
        EXPECT_EQ(std::signbit(y[i]), std::signbit(want[i])) << bases[i];
      }
    }
  });
}

template <BinaryOp kOp>
int32_t Of(int32_t a, int32_t b) {
  return BinaryDefinition<kOp, int32_t>(a, b);
}

TEST(IntegerBinary, NothingOverflowsOrTraps) {
  constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();
  EXPECT_EQ(Of<BinaryOp::kDiv>(7, 0), 0);
  EXPECT_EQ(Of<BinaryOp::kDiv>(-7, 2), -3);
  EXPECT_EQ(Of<BinaryOp::kDiv>(kLeast, -1), kLeast);
  EXPECT_EQ(Of<BinaryOp::kMod>(kLeast, -1), 0);
  EXPECT_EQ(Of<BinaryOp::kMod>(-7, 3), 2);
  EXPECT_EQ(Of<BinaryOp::kMod>(7, -3), -2);
  EXPECT_EQ(Of<BinaryOp::kFmod>(-7, 3), -1);
  EXPECT_EQ(Of<BinaryOp::kMod>(5, 0), 0);
  EXPECT_EQ(Of<BinaryOp::kAdd>(kLeast, -1),
            std::numeric_limits<int32_t>::max());
  EXPECT_EQ(Of<BinaryOp::kPow>(3, 4), 81);
  EXPECT_EQ(Of<BinaryOp::kPow>(-1, -3), -1);
  EXPECT_EQ(Of<BinaryOp::kPow>(2, -1), 0);
  EXPECT_EQ(Of<BinaryOp::kShiftLeft>(3, 4), 48);
  EXPECT_EQ(Of<BinaryOp::kShiftLeft>(3, 32), 0);
  EXPECT_EQ(Of<BinaryOp::kShiftRight>(-8, 1), -4);
  EXPECT_EQ(Of<BinaryOp::kShiftRight>(-8, -1), -1);
  EXPECT_EQ(Of<BinaryOp::kShiftRight>(8, 99), 0);
}

TEST(CompareRow, EqualsTheDefinitionForEveryTailAndStep) {
  constexpr size_t kMost = 70;
  std::vector<float> a(kMost), b(kMost);
  for (size_t i = 0; i < kMost; ++i) {
    a[i] = static_cast<float>(i % 7);
    b[i] = static_cast<float>(i % 5);
  }
  a[30] = b[40] = std::nanf("");
  ForEachTarget([&] {
    for (int o = 0; o <= static_cast<int>(CompareOp::kGreaterOrEqual); ++o) {
      const CompareOp op = static_cast<CompareOp>(o);
      for (int steps = 0; steps < 4; ++steps) {
        for (size_t n = 0; n < kMost; ++n) {
          std::vector<uint8_t> y(kMost, 7), want(kMost, 7);
          CompareRow(op, a.data(), steps & 1, b.data(), steps >> 1, n,
                     y.data());
          CompareRowRef(op, a.data(), steps & 1, b.data(), steps >> 1, n,
                        want.data());
          ASSERT_EQ(y, want) << "op " << o << " steps " << steps << " n " << n;
        }
      }
    }
  });
}

TEST(CompareRow, NanComparesFalse) {
  const float nan = std::nanf("");
  const std::vector<float> a = {1, 2, nan, 3}, b = {1, 3, nan, 2};
  std::vector<uint8_t> y(4);
  CompareRow(CompareOp::kEqual, a.data(), 1, b.data(), 1, 4, y.data());
  EXPECT_EQ(y, (std::vector<uint8_t>{1, 0, 0, 0}));
  CompareRow(CompareOp::kGreaterOrEqual, a.data(), 1, b.data(), 1, 4, y.data());
  EXPECT_EQ(y, (std::vector<uint8_t>{1, 0, 0, 1}));
}

}  // namespace
}  // namespace hone
