#include "kernels/cpu/depthwise/depthwise.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_ref.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

struct Data {
  explicit Data(const ConvShape& s)
      : x(RandomFloats(s.batch * s.groups * s.in_size(), 1)),
        w(RandomFloats(s.groups * s.out_channels * s.depth(), 2)),
        bias(RandomFloats(s.groups * s.out_channels, 3)),
        residual(RandomFloats(
            s.batch * s.groups * s.out_channels * s.out_size(), 4)) {}
  std::vector<float> x, w, bias, residual;
};

std::vector<float> Compute(const ConvShape& s, const Data& data,
                           const ConvEpilogue& epilogue, int threads) {
  ThreadPool pool(threads);
  std::vector<std::byte> scratch(DepthwiseScratchBytes(s, threads));
  // What is written past the end would be found here.
  std::vector<float> y(data.residual.size() + 16, 1234);
  DepthwiseConv(s, data.x.data(), data.w.data(), epilogue, y.data(),
                scratch.data(), pool);
  for (size_t i = data.residual.size(); i < y.size(); ++i) {
    EXPECT_EQ(y[i], 1234);
  }
  y.resize(data.residual.size());
  return y;
}

void Check(const ConvShape& s, Activation activation = {},
           bool residual = false) {
  ASSERT_TRUE(IsDepthwise(s));
  const Data data(s);
  ConvEpilogue epilogue;
  epilogue.bias = data.bias.data();
  if (residual) epilogue.residual = data.residual.data();
  epilogue.activation = activation;
  std::vector<float> expected(data.residual.size());
  ConvRef(s, data.x.data(), data.w.data(), epilogue, expected.data());
  const std::vector<float> y = Compute(s, data, epilogue, 2);
  for (size_t i = 0; i < y.size(); ++i) {
    ASSERT_NEAR(y[i], expected[i], 2e-6 * (3 + s.depth() / 4)) << i;
  }
}

TEST(DepthwiseTest, EveryWidth) {
  ForEachTarget([] {
    for (int64_t stride : {1, 2, 3}) {
      for (int64_t width = 1; width <= 70; ++width) {
        Check(Square(1, 3, 1, 1, 5, width, 3, stride, 1));
      }
    }
  });
}

TEST(DepthwiseTest, KernelsStridesDilationsAndPads) {
  ForEachTarget([] {
    for (int64_t kernel : {1, 2, 3, 5, 7}) {
      for (int64_t stride : {1, 2, 3, 4}) {
        for (int64_t dilation : {1, 2, 3}) {
          for (int64_t pad : {int64_t{0}, kernel / 2, kernel + 2}) {
            SCOPED_TRACE(testing::Message() << kernel << " " << stride << " "
                                            << dilation << " " << pad);
            Check(Square(2, 3, 1, 2, 23, 21, kernel, stride, pad, dilation));
          }
        }
      }
    }
  });
}

TEST(DepthwiseTest, ManyStripsOfRows) {
  ForEachTarget([] {
    Check(Square(1, 2, 1, 1, 112, 112, 3, 1, 1));
    Check(Square(1, 2, 1, 1, 112, 112, 3, 2, 1));
    Check(Square(1, 1, 1, 1, 5, 7000, 3, 1, 1));
  });
}

TEST(DepthwiseTest, UnequalPads) {
  ConvShape s = Square(1, 4, 1, 1, 11, 14, 3, 2, 0);
  s.kernel = {1, 5, 3};
  s.pad_begin = {0, 3, 2};
  ForEachTarget([&] {
    Check(WithOutput(s, {0, 0, 4}));
    Check(WithOutput(s, {0, 5, 0}));
  });
}

TEST(DepthwiseTest, OneAxis) {
  ConvShape s = Square(2, 4, 1, 1, 1, 50, 1, 1, 0);
  s.kernel = {1, 1, 7};
  s.pad_begin = {0, 0, 3};
  ForEachTarget([&] { Check(WithOutput(s, {0, 0, 3})); });
}

TEST(DepthwiseTest, Epilogue) {
  const ConvShape s = Square(2, 6, 1, 1, 14, 15, 3, 1, 1);
  ForEachTarget([&] {
    Check(s, Activation::Clamp(0, 0.5f));
    Check(s, Activation::Clamp(0, 0.5f), true);
    Check(s, {}, true);
    Check(s, {Activation::Kind::kHardSwish});
    Check(s, {Activation::Kind::kSilu}, true);
  });
}

TEST(DepthwiseTest, SameBitsForAnyNumberOfThreads) {
  const ConvShape s = Square(2, 40, 1, 1, 28, 28, 3, 1, 1);
  const Data data(s);
  ForEachTarget([&] {
    const std::vector<float> one = Compute(s, data, {}, 1);
    for (int threads : {2, 3, 8}) {
      EXPECT_EQ(Compute(s, data, {}, threads), one) << threads;
    }
  });
}

}  // namespace
}  // namespace hone
