#include "kernels/cpu/unary/unary.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/cpu/unary/unary_ref.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

UnaryParams ParamsOf(UnaryOp op) {
  switch (op) {
    case UnaryOp::kClip:
      return {-0.75f, 1.5f};
    case UnaryOp::kSelu:
      return {1.6732632f, 1.0507010f};
    case UnaryOp::kHardSigmoid:
      return {0.2f, 0.5f};
    case UnaryOp::kShrink:
      return {0.5f, 0.25f};
    case UnaryOp::kSwish:
      return {1.0f, 0.0f};
    default:
      return {0.3f, 0.0f};
  }
}

std::vector<float> Samples() {
  std::vector<float> x = {
      0.0f,      -0.0f,      1.0f,   -1.0f,  0.5f,   1.5f,    2.5f,   -2.5f,
      kInfinity, -kInfinity, 88.5f,  89.5f,  -87.0f, -104.5f, 1e-30f, -1e-30f,
      3e38f,     -3e38f,     1e-41f, 0.625f, 20.5f,  -20.5f,  1000.0f};
  for (int i = -400; i <= 400; ++i) x.push_back(0.0251f * i);
  return x;
}

TEST(Unary, AgreesWithTheDefinitionOnEveryTarget) {
  const std::vector<float> x = Samples();
  std::vector<float> y(x.size());
  ForEachTarget([&] {
    for (int i = 0; i <= static_cast<int>(UnaryOp::kAtanh); ++i) {
      const UnaryOp op = static_cast<UnaryOp>(i);
      const UnaryParams params = ParamsOf(op);
      Unary(op, params, x.data(), x.size(), y.data());
      for (size_t j = 0; j < x.size(); ++j) {
        const float want =
            static_cast<float>(UnaryDefinition(op, params, x[j]));
        SCOPED_TRACE(testing::Message() << "op " << i << " at " << x[j]);
        if (std::isnan(want) || std::isinf(want)) {
          EXPECT_EQ(std::isnan(y[j]), std::isnan(want)) << y[j];
          if (std::isinf(want)) {
            EXPECT_EQ(y[j], want);
          }
          continue;
        }
        const float scale = std::max(1e-30f, std::fabs(want));
        const bool vanishes = op == UnaryOp::kErf || op == UnaryOp::kGelu ||
                              op == UnaryOp::kGeluTanh ||
                              op == UnaryOp::kMish || op == UnaryOp::kElu ||
                              op == UnaryOp::kSelu || op == UnaryOp::kLog ||
                              op == UnaryOp::kHardSigmoid ||
                              op == UnaryOp::kHardSwish;
        EXPECT_NEAR(y[j], want,
                    5 * 0x1p-23f * (vanishes ? std::max(1.0f, scale) : scale));
      }
    }
  });
}

TEST(Unary, SinAndCosFarFromZero) {
  std::vector<float> x;
  for (int k = 1; k < 13000; k += 7) {
    x.push_back(static_cast<float>(k * 3.14159265358979));
    x.push_back(static_cast<float>(-k * 1.57079632679490));
    x.push_back(static_cast<float>(k) * 2.9f);
  }
  // Beyond what vectors take, among what they do.
  for (size_t i = 5; i < x.size(); i += 50) x[i] = 1e6f * static_cast<float>(i);
  std::vector<float> y(x.size());
  ForEachTarget([&] {
    for (const UnaryOp op : {UnaryOp::kSin, UnaryOp::kCos}) {
      Unary(op, {}, x.data(), x.size(), y.data());
      for (size_t i = 0; i < x.size(); ++i) {
        ASSERT_NEAR(y[i], UnaryDefinition(op, {}, x[i]), 0x1p-22) << x[i];
      }
      for (size_t i = 0; i < x.size(); i += 31) {
        float alone = 0;
        Unary(op, {}, &x[i], 1, &alone);
        EXPECT_EQ(alone, y[i]) << x[i];
      }
    }
  });
}

TEST(Unary, NanStaysNan) {
  const float nan = std::nanf("");
  ForEachTarget([&] {
    for (int i = 0; i <= static_cast<int>(UnaryOp::kAtanh); ++i) {
      const UnaryOp op = static_cast<UnaryOp>(i);
      if (op == UnaryOp::kSign) continue;
      float y = 0;
      Unary(op, ParamsOf(op), &nan, 1, &y);
      EXPECT_TRUE(std::isnan(y)) << "op " << i;
    }
  });
}

TEST(Unary, EveryTailLengthEqualsTheWholeAndWritesNothingElse) {
  std::vector<float> x(70);
  for (size_t i = 0; i < x.size(); ++i) x[i] = 0.37f * i - 9.0f;
  ForEachTarget([&] {
    for (const UnaryOp op : {UnaryOp::kRelu, UnaryOp::kExp, UnaryOp::kHardSwish,
                             UnaryOp::kLeakyRelu}) {
      std::vector<float> whole(x.size());
      Unary(op, {0.1f, 0}, x.data(), x.size(), whole.data());
      for (size_t n = 0; n <= x.size(); ++n) {
        std::vector<float> y(x.size() + 1, 7.0f);
        Unary(op, {0.1f, 0}, x.data(), n, y.data());
        for (size_t i = 0; i < n; ++i) EXPECT_EQ(y[i], whole[i]);
        EXPECT_EQ(y[n], 7.0f);
      }
    }
  });
}

TEST(Unary, InPlace) {
  std::vector<float> x = {-1, 2, -3, 4, -5, 6, -7, 8, -9};
  Unary(UnaryOp::kRelu, {}, x.data(), x.size(), x.data());
  EXPECT_EQ(x, (std::vector<float>{0, 2, 0, 4, 0, 6, 0, 8, 0}));
}

TEST(Unary, RoundIsHalfToEven) {
  const std::vector<float> x = {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f};
  std::vector<float> y(x.size());
  ForEachTarget([&] {
    Unary(UnaryOp::kRound, {}, x.data(), x.size(), y.data());
    EXPECT_EQ(y, (std::vector<float>{0, 2, 2, 0, -2, -2}));
  });
}

TEST(UnaryInteger, TheMostNegativeValueStaysInRange) {
  const int8_t x[3] = {-128, -3, 5};
  int8_t y[3];
  UnaryInteger(UnaryOp::kAbs, x, 3, y);
  EXPECT_EQ(y[0], -128);
  EXPECT_EQ(y[1], 3);
  UnaryInteger(UnaryOp::kSign, x, 3, y);
  EXPECT_EQ(y[1], -1);
}

TEST(ShrinkInteger, MovesTowardsZeroAndCuts) {
  const auto shrink = [](auto x, float lambda, float bias) {
    decltype(x) y;
    UnaryParams params;
    params.a = lambda;
    params.b = bias;
    ShrinkInteger(params, &x, 1, &y);
    return y;
  };
  EXPECT_EQ(shrink(int32_t{-7}, 1.5f, 1.5f), -5);  // -5.5
  EXPECT_EQ(shrink(int32_t{7}, 1.5f, 1.5f), 5);
  EXPECT_EQ(shrink(int32_t{1}, 1.5f, 1.5f), 0);
  EXPECT_EQ(shrink(uint8_t{3}, 1.5f, 5.0f), 0);  // -2
  EXPECT_EQ(shrink(int8_t{-100}, 1.5f, -50.0f), -128);
  EXPECT_EQ(shrink(int64_t{(int64_t{1} << 53) + 1}, 0.5f, 0.0f),
            (int64_t{1} << 53) + 1);
  EXPECT_EQ(shrink(uint64_t{18446744073709551615u}, 0.5f, 0.0f),
            18446744073709551615u);
}

}  // namespace
}  // namespace hone
