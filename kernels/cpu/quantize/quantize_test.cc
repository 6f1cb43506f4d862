#include "kernels/cpu/quantize/quantize.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/quantize/quantize_ref.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

constexpr size_t kMost = 70;

std::vector<float> Samples() {
  std::vector<float> x = {0,
                          -0.0f,
                          0.5f,
                          1.5f,
                          -0.5f,
                          2.5f,
                          1e30f,
                          -1e30f,
                          3e9f,
                          -3e9f,
                          127.5f,
                          -128.5f,
                          std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity(),
                          std::nanf("")};
  while (x.size() < kMost) {
    x.push_back(0.75f * static_cast<float>(x.size()) - 30.0f);
  }
  return x;
}

struct Vectors {
  explicit Vectors(int32_t zero_point) : scale(kMost), zero(kMost, zero_point) {
    for (size_t i = 0; i < kMost; ++i) {
      scale[i] = 0.01f * static_cast<float>(1 + i % 7);
    }
  }
  QuantParams At(int64_t step) const {
    return {scale.data(), zero.data(), step};
  }
  std::vector<float> scale;
  std::vector<int32_t> zero;
};

template <typename T>
void EqualsTheDefinition(int32_t zero_point) {
  const std::vector<float> x = Samples();
  const Vectors params(zero_point);
  ForEachTarget([&] {
    for (const int64_t step : {0, 1}) {
      for (size_t n = 0; n < kMost; ++n) {
        std::vector<T> q(kMost, T{77}), want(kMost, T{77});
        QuantizeRow(x.data(), n, params.At(step), q.data());
        QuantizeRowRef(x.data(), n, params.At(step), want.data());
        ASSERT_EQ(q, want) << n;
        std::vector<float> y(kMost, 7.0f), back(kMost, 7.0f);
        DequantizeRow(q.data(), n, params.At(step), y.data());
        DequantizeRowRef(q.data(), n, params.At(step), back.data());
        ASSERT_EQ(y, back) << n;
        QuantizeDequantizeRow(x.data(), n, params.At(step),
                              std::numeric_limits<T>::min(),
                              std::numeric_limits<T>::max(), y.data());
        ASSERT_EQ(y, back) << n;
      }
    }
  });
}

TEST(Quantize, EqualsTheDefinitionOnEveryTargetAndTail) {
  EqualsTheDefinition<int8_t>(0);
  EqualsTheDefinition<int8_t>(-128);
  EqualsTheDefinition<uint8_t>(128);
  EqualsTheDefinition<uint8_t>(0);
  EqualsTheDefinition<int16_t>(-5);
  EqualsTheDefinition<uint16_t>(65535);
}

TEST(Quantize, RoundsHalfToEvenAndSaturates) {
  const std::vector<float> x = {1, 3, 5, -1, -3, 600, -600, 0, 7};
  const float scale = 2;
  const int32_t zero = 0;
  std::vector<int8_t> q(x.size());
  ForEachTarget([&] {
    QuantizeRow(x.data(), x.size(), {&scale, &zero, 0}, q.data());
    EXPECT_EQ(q, (std::vector<int8_t>{0, 2, 2, 0, -2, 127, -128, 0, 4}));
  });
}

TEST(Quantize, NarrowRanges) {
  std::vector<float> x(20);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) - 10;
  const float scale = 1;
  const int32_t zero = 0;
  std::vector<float> y(x.size());
  ForEachTarget([&] {
    QuantizeDequantizeRow(x.data(), x.size(), {&scale, &zero, 0}, -8, 7,
                          y.data());
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(y[i], std::min(7.0f, std::max(-8.0f, x[i])));
    }
  });
}

TEST(Dequantize, Int32KeepsAFloatsPrecision) {
  const std::vector<int32_t> x = {1 << 30, -(1 << 30), 16777217, 3, 0,
                                  -7,      8,          9,        10};
  const float scale = 0.5f;
  const int32_t zero = 0;
  std::vector<float> y(x.size());
  ForEachTarget([&] {
    DequantizeRow(x.data(), x.size(), {&scale, &zero, 0}, y.data());
    EXPECT_EQ(y[0], 536870912.0f);
    EXPECT_EQ(y[2], 8388608.0f);
    EXPECT_EQ(y[5], -3.5f);
    EXPECT_EQ(y[8], 5.0f);
  });
}

}  // namespace
}  // namespace hone
