#include "kernels/cpu/blocked/blocked_window.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/blocked/blocked_data.h"
#include "kernels/cpu/blocked/blocked_scale.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_ref.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

PoolAxis AxisOf(const ConvShape& s, size_t axis) {
  return {s.in[axis],       s.out[axis],       s.kernel[axis],   s.stride[axis],
          s.dilation[axis], s.pad_begin[axis], s.pad_begin[axis]};
}

BlockedWindow WindowOf(const ConvShape& s) {
  return {s.batch * ChannelBlocks(s.groups), AxisOf(s, 1), AxisOf(s, 2)};
}

std::vector<float> Plain(const ConvShape& s, const std::vector<float>& y) {
  ThreadPool pool(1);
  std::vector<float> plain(
      static_cast<size_t>(s.batch * s.groups * s.out_size()));
  UnblockChannels(y.data(), s.batch, s.groups, s.out_size(), plain.data(),
                  pool);
  return plain;
}

// s.groups channels of one filter each.
void CheckDepthwise(const ConvShape& s, Activation activation) {
  const std::vector<float> x =
      RandomFloats(s.batch * s.groups * s.in_size(), 1);
  const std::vector<float> w = RandomFloats(s.groups * s.depth(), 2);
  const std::vector<float> bias = RandomFloats(s.groups, 3);
  const std::vector<float> residual =
      RandomFloats(s.batch * s.groups * s.out_size(), 4);
  std::vector<float> expected(residual.size());
  ConvRef(s, x.data(), w.data(), {bias.data(), residual.data(), activation},
          expected.data());
  const std::vector<float> blocked_bias = InBlocks(bias, 1, s.groups, 1);
  const std::vector<float> blocked_residual =
      InBlocks(residual, s.batch, s.groups, s.out_size());
  std::vector<float> one;
  for (const int threads : {1, 2, 3}) {
    ThreadPool pool(threads);
    std::vector<float> y(blocked_residual.size());
    BlockedDepthwise(WindowOf(s),
                     InBlocks(x, s.batch, s.groups, s.in_size()).data(),
                     BlockedFilters(w.data(), s.groups, Volume(s.kernel)),
                     {blocked_bias.data(), blocked_residual.data(), activation},
                     y.data(), pool);
    if (threads == 1) one = y;
    EXPECT_EQ(y, one) << threads;
  }
  const std::vector<float> y = Plain(s, one);
  for (size_t i = 0; i < y.size(); ++i) {
    ASSERT_NEAR(y[i], expected[i], 1e-5f) << i;
  }
}

void CheckPool(const ConvShape& s, PoolOp op, bool count_include_pad) {
  std::vector<float> x = RandomFloats(s.batch * s.groups * s.in_size(), 1);
  if (op == PoolOp::kMax) x[x.size() / 2] = std::nanf("");
  ThreadPool pool(2);
  PoolShape shape;
  shape.planes = s.batch * s.groups;
  shape.axes = {AxisOf(s, 1), AxisOf(s, 2)};
  shape.count_include_pad = count_include_pad;
  std::vector<float> expected(
      static_cast<size_t>(s.batch * s.groups * s.out_size()));
  Pool(pool, op, x.data(), shape, expected.data());
  std::vector<float> y(static_cast<size_t>(s.batch * ChannelBlocks(s.groups) *
                                           ChannelBlock() * s.out_size()));
  BlockedPool(op, count_include_pad, WindowOf(s),
              InBlocks(x, s.batch, s.groups, s.in_size()).data(), y.data(),
              pool);
  const std::vector<float> plain = Plain(s, y);
  for (size_t i = 0; i < plain.size(); ++i) {
    if (op == PoolOp::kMax) {
      ASSERT_EQ(plain[i], expected[i]) << i;
    } else {
      ASSERT_NEAR(plain[i], expected[i], 1e-6f) << i;
    }
  }
}

template <typename F>
void ForShapes(const F& check) {
  for (const int64_t channels : {1, 16, 21}) {
    for (const int64_t kernel : {1, 2, 3, 5}) {
      for (const int64_t stride : {1, 2, 3}) {
        for (const int64_t dilation : {1, 2}) {
          for (const int64_t pad : {int64_t{0}, kernel / 2}) {
            SCOPED_TRACE(testing::Message()
                         << channels << " " << kernel << " " << stride << " "
                         << dilation << " " << pad);
            check(Square(2, channels, 1, 1, 11, 23, kernel, stride, pad,
                         dilation));
          }
        }
      }
    }
  }
  check(Square(1, 3, 1, 1, 2, 2, 5, 1, 2));  // no window inside
}

TEST(BlockedWindowTest, Depthwise) {
  ForEachTarget([] {
    ForShapes([](const ConvShape& s) {
      CheckDepthwise(s, Activation::Clamp(0, kInfinity));
    });
    CheckDepthwise(Square(1, 20, 1, 1, 7, 7, 3, 1, 1),
                   {Activation::Kind::kHardSwish, 0, 0});
  });
}

TEST(BlockedScaleTest, OneFactorAChannelAndSample) {
  ForEachTarget([] {
    for (const int64_t pixels : {0, 1, 7, 2000}) {
      const int64_t block = ChannelBlock();
      std::vector<float> x = RandomFloats(3 * pixels * block, 1);
      const std::vector<float> scale = RandomFloats(3 * block, 2);
      std::vector<float> expected;
      for (int64_t i = 0; i < 3 * pixels * block; ++i) {
        const int64_t p = i / (pixels * block);
        expected.push_back(x[static_cast<size_t>(i)] *
                           scale[static_cast<size_t>(p * block + i % block)]);
      }
      ThreadPool pool(2);
      BlockedScale(x.data(), scale.data(), 3, pixels, x.data(), pool);
      EXPECT_EQ(x, expected);
    }
  });
}

TEST(BlockedWindowTest, MaxPassesNanOver) {
  ForEachTarget([] {
    ForShapes([](const ConvShape& s) { CheckPool(s, PoolOp::kMax, false); });
  });
}

TEST(BlockedWindowTest, Average) {
  ForEachTarget([] {
    ForShapes([](const ConvShape& s) {
      CheckPool(s, PoolOp::kAverage, false);
      CheckPool(s, PoolOp::kAverage, true);
    });
  });
}

}  // namespace
}  // namespace hone
