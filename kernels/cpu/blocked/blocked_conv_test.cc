#include "kernels/cpu/blocked/blocked_conv.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/blocked/blocked_data.h"
#include "kernels/cpu/blocked/blocked_product.h"
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

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> Compute(const ConvShape& s, const ConvData& data,
                           const ConvEpilogue& epilogue, bool blocked_input,
                           int threads) {
  ThreadPool pool(threads);
  const BlockedWeights w(data.w.data(), s.out_channels, s.in_channels,
                         Volume(s.kernel), blocked_input);
  const std::vector<float> x =
      blocked_input ? InBlocks(data.x, s.batch, s.in_channels, s.in_size())
                    : data.x;
  const std::vector<float> bias = InBlocks(data.bias, 1, s.out_channels, 1);
  const std::vector<float> residual =
      InBlocks(data.residual, s.batch, s.out_channels, s.out_size());
  ConvEpilogue own = epilogue;
  if (own.bias != nullptr) own.bias = bias.data();
  if (own.residual != nullptr) own.residual = residual.data();
  std::vector<std::byte> scratch(
      BlockedConvScratchBytes(s, blocked_input, threads));
  std::vector<float> y(residual.size());
  BlockedConv(s, x.data(), blocked_input, w, own, y.data(), scratch.data(),
              pool);
  std::vector<float> plain(data.residual.size());
  UnblockChannels(y.data(), s.batch, s.out_channels, s.out_size(), plain.data(),
                  pool);
  return plain;
}

void Check(const ConvShape& s, Activation::Kind kind) {
  const ConvData data(s);
  ConvEpilogue epilogue;
  epilogue.bias = data.bias.data();
  epilogue.residual = data.residual.data();
  epilogue.activation = {kind, 0, kInfinity};
  std::vector<float> expected(data.residual.size());
  ConvRef(s, data.x.data(), data.w.data(), epilogue, expected.data());
  const float tolerance =
      1e-6f * (4 + std::sqrt(static_cast<float>(s.depth())));
  for (const bool blocked_input : {false, true}) {
    const std::vector<float> y = Compute(s, data, epilogue, blocked_input, 2);
    for (size_t i = 0; i < y.size(); ++i) {
      ASSERT_NEAR(y[i], expected[i], tolerance) << i << " " << blocked_input;
    }
  }
}

void Check(const ConvShape& s) { Check(s, Activation::Kind::kClamp); }

TEST(BlocksTest, ThereAndBack) {
  ForEachTarget([] {
    ThreadPool pool(2);
    for (const int64_t channels : {1, 3, 4, 7, 16, 17, 33}) {
      for (const int64_t pixels : {1, 3, 4, 9, 30}) {
        const std::vector<float> x = RandomFloats(2 * channels * pixels, 1);
        const std::vector<float> y = InBlocks(x, 2, channels, pixels);
        const int64_t block = ChannelBlock();
        // [n][b][p][c]
        const size_t last = static_cast<size_t>(
            (((2 * ChannelBlocks(channels) - 1) * pixels) + pixels - 1) *
            block);
        EXPECT_EQ(y[last + static_cast<size_t>((channels - 1) % block)],
                  x.back());
        if (channels % block != 0) EXPECT_EQ(y.back(), 0);
        std::vector<float> back(x.size());
        UnblockChannels(y.data(), 2, channels, pixels, back.data(), pool);
        EXPECT_EQ(back, x);
      }
    }
  });
}

TEST(BlockedConvTest, Pointwise) {
  ForEachTarget([] {
    for (int64_t width = 1; width <= 40; ++width) {
      Check(Square(1, 1, 5, 7, 1, width, 1, 1, 0));
    }
    Check(Square(2, 1, 300, 33, 7, 9, 1, 1, 0));
    Check(Square(1, 1, 16, 24, 21, 31, 1, 2, 0));
  });
}

TEST(BlockedConvTest, SquareKernels) {
  ForEachTarget([] {
    for (const int64_t kernel : {2, 3, 5}) {
      for (const int64_t stride : {1, 2, 3}) {
        for (const int64_t dilation : {1, 2}) {
          for (const int64_t pad : {int64_t{0}, kernel / 2, kernel + 1}) {
            SCOPED_TRACE(testing::Message() << kernel << " " << stride << " "
                                            << dilation << " " << pad);
            Check(Square(2, 1, 3, 15, 15, 13, kernel, stride, pad, dilation));
          }
        }
      }
    }
    Check(Square(1, 1, 70, 70, 7, 7, 3, 1, 1));
  });
}

// Taps that meet padding alone are left out, all but one of them here.
TEST(BlockedConvTest, DilatedBeyondTheImage) {
  ForEachTarget([] {
    Check(Square(1, 1, 20, 20, 9, 33, 3, 1, 36, 36));
    Check(Square(1, 1, 20, 20, 9, 33, 3, 1, 12, 12));
    Check(Square(1, 1, 3, 20, 9, 33, 3, 2, 12, 12));
  });
}

TEST(BlockedConvTest, ManyChannels) {
  ForEachTarget([] {
    for (const int64_t channels : {1, 4, 8, 16, 31, 33, 48, 64, 65, 100}) {
      Check(Square(1, 1, channels, channels, 7, 7, 3, 1, 1));
      Check(Square(1, 1, channels, 3, 3, 3, 1, 1, 0));
    }
  });
}

TEST(BlockedConvTest, ManyImages) {
  ForEachTarget([] { Check(Square(9, 1, 3, 33, 7, 7, 3, 1, 1)); });
}

TEST(BlockedConvTest, UnequalPaddingAndStrides) {
  ConvShape s = Square(1, 1, 3, 4, 10, 17, 3, 1, 0);
  s.kernel = {1, 2, 5};
  s.stride = {1, 3, 2};
  s.dilation = {1, 2, 1};
  s.pad_begin = {0, 1, 4};
  ForEachTarget([&] {
    Check(WithOutput(s, {0, 3, 0}));
    Check(WithOutput(s, {0, 0, 7}));
  });
}

TEST(BlockedConvTest, ActivationAfterTheLastBlockOnly) {
  ForEachTarget([] {
    Check(Square(1, 1, 200, 9, 6, 11, 3, 1, 1), Activation::Kind::kHardSwish);
    Check(Square(1, 1, 600, 50, 1, 30, 1, 1, 0), Activation::Kind::kTanh);
  });
}

TEST(BlockedConvTest, SameBitsForAnyNumberOfThreads) {
  for (const ConvShape& s : {Square(2, 1, 40, 30, 23, 19, 3, 1, 1),
                             Square(1, 1, 300, 64, 7, 7, 3, 1, 1),
                             Square(1, 1, 20, 64, 56, 56, 1, 1, 0)}) {
    const ConvData data(s);
    ForEachTarget([&] {
      const std::vector<float> one = Compute(s, data, {}, true, 1);
      for (const int threads : {2, 3, 8}) {
        EXPECT_EQ(Compute(s, data, {}, true, threads), one) << threads;
      }
    });
  }
}

}  // namespace
}  // namespace hone
