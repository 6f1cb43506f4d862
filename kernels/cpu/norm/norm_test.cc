#include "kernels/cpu/norm/norm.h"

#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/norm/norm_ref.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

std::vector<float> Samples(size_t n, float shift) {
  std::vector<float> x(n);
  for (size_t i = 0; i < n; ++i) {
    x[i] = static_cast<float>(i * 7919 % 211) * 0.01f - 1 + shift;
  }
  return x;
}

TEST(Norm, MomentsOnEveryTargetAndTail) {
  ForEachTarget([&] {
    for (const float shift : {0.0f, 100.0f}) {
      const std::vector<float> x = Samples(9001, shift);
      for (size_t n = 1; n < x.size(); n = n < 70 ? n + 1 : n * 3) {
        const Moments got = MomentsOf(x.data(), n);
        const Moments want = MomentsOfRef(x.data(), n);
        EXPECT_NEAR(got.mean, want.mean, 1e-5f * (1 + shift));
        EXPECT_NEAR(got.variance, want.variance, 1e-4f);
        EXPECT_NEAR(MeanSquareOf(x.data(), n), MeanSquareOfRef(x.data(), n),
                    1e-5f * (1 + shift * shift));
      }
    }
  });
}

TEST(Norm, RowsOnEveryTargetAndTail) {
  const std::vector<float> x = Samples(70, 0), scale = Samples(70, 2),
                           bias = Samples(70, -1);
  ForEachTarget([&] {
    for (size_t n = 0; n < x.size(); ++n) {
      for (const int64_t step : {0, 1}) {
        std::vector<float> y(70, 7.0f), want(70, 7.0f);
        const NormParams params = {0.25f, 1.5f, scale.data(), bias.data(),
                                   step};
        NormalizeRow(x.data(), n, params, y.data());
        NormalizeRowRef(x.data(), n, params, want.data());
        for (size_t i = 0; i < y.size(); ++i) {
          ASSERT_NEAR(y[i], want[i], 2e-6f);
        }
      }
      std::vector<float> y(70, 7.0f), want(70, 7.0f);
      AffineRow(x.data(), n, bias.data(), scale.data(), bias.data(), y.data());
      AffineRowRef(x.data(), n, bias.data(), scale.data(), bias.data(),
                   want.data());
      for (size_t i = 0; i < y.size(); ++i) ASSERT_NEAR(y[i], want[i], 2e-6f);
    }
  });
}

TEST(Norm, WithoutScaleAndBias) {
  const std::vector<float> x = Samples(40, 0);
  std::vector<float> y(40);
  NormalizeRow(x.data(), 40, {1.0f, 2.0f}, y.data());
  for (size_t i = 0; i < 40; ++i) EXPECT_EQ(y[i], (x[i] - 1.0f) * 2.0f);
}

}  // namespace
}  // namespace hone
