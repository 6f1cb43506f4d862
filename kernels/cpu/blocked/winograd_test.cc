#include "kernels/cpu/blocked/winograd.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/blocked/blocked_data.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_ref.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

std::vector<float> Compute(const ConvShape& s, const ConvData& data,
                           const ConvEpilogue& epilogue, int threads) {
  ThreadPool pool(threads);
  const WinogradWeights w(data.w.data(), s.out_channels, s.in_channels);
  const std::vector<float> x =
      InBlocks(data.x, s.batch, s.in_channels, s.in_size());
  const std::vector<float> bias = InBlocks(data.bias, 1, s.out_channels, 1);
  const std::vector<float> residual =
      InBlocks(data.residual, s.batch, s.out_channels, s.out_size());
  ConvEpilogue own = epilogue;
  if (own.bias != nullptr) own.bias = bias.data();
  if (own.residual != nullptr) own.residual = residual.data();
  std::vector<std::byte> scratch(WinogradScratchBytes(s));
  std::vector<float> y(residual.size());
  WinogradConv(s, x.data(), w, own, y.data(), scratch.data(), pool);
  std::vector<float> plain(data.residual.size());
  UnblockChannels(y.data(), s.batch, s.out_channels, s.out_size(), plain.data(),
                  pool);
  return plain;
}

void Check(const ConvShape& s, Activation activation, bool with_inputs = true) {
  const ConvData data(s);
  ConvEpilogue epilogue;
  if (with_inputs) {
    epilogue.bias = data.bias.data();
    epilogue.residual = data.residual.data();
  }
  epilogue.activation = activation;
  std::vector<float> expected(data.residual.size());
  ConvRef(s, data.x.data(), data.w.data(), epilogue, expected.data());
  const std::vector<float> y = Compute(s, data, epilogue, 2);
  float largest = 0, error = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    error = std::max(error, std::abs(y[i] - expected[i]));
  }
  EXPECT_LT(error, 1e-5f * std::max(1.0f, largest))
      << s.in_channels << " -> " << s.out_channels << ", " << s.in[1] << "x"
      << s.in[2];
}

const Activation kRelu =
    Activation::Clamp(0, std::numeric_limits<float>::infinity());

TEST(WinogradTest, CountsTheWindow) {
  const ConvShape s = Square(1, 1, 1, 1, 5, 5, 3, 1, 1);
  ForEachTarget([&] {
    ConvData data(s);
    data.x.assign(25, 1);
    data.w.assign(9, 1);
    const std::vector<float> y = Compute(s, data, {}, 1);
    for (int h = 0; h < 5; ++h) {
      for (int w = 0; w < 5; ++w) {
        const int rows = h == 0 || h == 4 ? 2 : 3;
        const int columns = w == 0 || w == 4 ? 2 : 3;
        EXPECT_NEAR(y[static_cast<size_t>(h * 5 + w)], rows * columns, 1e-5);
      }
    }
  });
}

TEST(WinogradTest, EqualsTheDirectSum) {
  ForEachTarget([] {
    for (int64_t size = 1; size <= 14; ++size) {
      Check(Square(1, 1, 20, 35, size, 15 - size, 3, 1, 1), kRelu);
    }
    for (const int64_t channels : {1, 8, 16, 17, 48}) {
      Check(Square(2, 1, channels, channels, 9, 6, 3, 1, 1), kRelu);
    }
    Check(Square(1, 1, 8, 8, 12, 12, 3, 1, 0), kRelu, false);
    Check(Square(1, 1, 8, 8, 4, 4, 3, 1, 3), {});
    Check(Square(9, 1, 16, 16, 14, 14, 3, 1, 1),
          {Activation::Kind::kHardSwish, 0, 0});
    Check(Square(1, 1, 64, 64, 56, 56, 3, 1, 1), kRelu);
  });
}

// Beside sums in float64, relative to the largest output: well below what
// would change a statistic or a comparison (1e-4).
TEST(WinogradTest, Error) {
  const ConvShape s = Square(1, 1, 256, 32, 14, 14, 3, 1, 1);
  const ConvData data(s);
  const std::vector<double> x(data.x.begin(), data.x.end());
  const std::vector<double> w(data.w.begin(), data.w.end());
  std::vector<double> expected(data.residual.size());
  ConvRef<double>(s, x.data(), w.data(), nullptr, expected.data());
  ForEachTarget([&] {
    const std::vector<float> y = Compute(s, data, {}, 1);
    double largest = 0, error = 0;
    for (size_t i = 0; i < y.size(); ++i) {
      largest = std::max(largest, std::abs(expected[i]));
      error = std::max(error, std::abs(y[i] - expected[i]));
    }
    EXPECT_LT(error, 5e-6 * largest);
  });
}

TEST(WinogradTest, SameBitsForAnyNumberOfThreads) {
  const ConvShape s = Square(3, 1, 40, 50, 23, 19, 3, 1, 1);
  const ConvData data(s);
  ForEachTarget([&] {
    const std::vector<float> one = Compute(s, data, {}, 1);
    for (const int threads : {2, 3, 8}) {
      EXPECT_EQ(Compute(s, data, {}, threads), one) << threads;
    }
  });
}

TEST(WinogradTest, WhereItPays) {
  EXPECT_TRUE(WinogradPays(Square(1, 1, 64, 64, 56, 56, 3, 1, 1)));
  EXPECT_TRUE(WinogradPays(Square(8, 1, 512, 512, 7, 7, 3, 1, 1)));
  EXPECT_FALSE(WinogradPays(Square(1, 1, 512, 512, 7, 7, 3, 1, 1)));
  EXPECT_FALSE(WinogradPays(Square(1, 1, 3, 64, 224, 224, 3, 1, 1)));
  EXPECT_FALSE(WinogradApplies(Square(1, 1, 64, 64, 56, 56, 3, 2, 1)));
  EXPECT_FALSE(WinogradApplies(Square(1, 1, 64, 64, 56, 56, 3, 1, 1, 2)));
  EXPECT_FALSE(WinogradApplies(Square(1, 2, 64, 64, 56, 56, 3, 1, 1)));
}

}  // namespace
}  // namespace hone
