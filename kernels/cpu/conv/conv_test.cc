#include "kernels/cpu/conv/conv.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_pixels.h"
#include "kernels/cpu/conv/conv_ref.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Data {
  explicit Data(const ConvShape& s)
      : x(RandomFloats(s.batch * s.groups * s.in_channels * s.in_size(), 1)),
        w(RandomFloats(s.groups * s.out_channels * s.depth(), 2)),
        bias(RandomFloats(s.groups * s.out_channels, 3)),
        residual(RandomFloats(
            s.batch * s.groups * s.out_channels * s.out_size(), 4)) {}
  std::vector<float> x, w, bias, residual;
};

std::vector<float> Compute(const ConvShape& s, const Data& data,
                           const ConvEpilogue& epilogue, int threads) {
  ThreadPool pool(threads);
  const PackedRows w(data.w.data(), s.groups, s.out_channels, s.depth());
  std::vector<std::byte> scratch(ConvScratchBytes(s, threads));
  std::vector<float> y(data.residual.size());
  Conv(s, data.x.data(), w, epilogue, y.data(), scratch.data(), pool);
  return y;
}

std::vector<float> ComputePixels(const ConvShape& s, const Data& data,
                                 const ConvEpilogue& epilogue, int threads) {
  ThreadPool pool(threads);
  const PixelWeights w(data.w.data(), s.groups, s.out_channels, s.depth());
  std::vector<std::byte> scratch(ConvPixelsScratchBytes(s, threads));
  std::vector<float> y(data.residual.size());
  ConvPixels(s, data.x.data(), w, epilogue, y.data(), scratch.data(), pool);
  return y;
}

void ExpectNear(const std::vector<float>& y, const std::vector<float>& expected,
                float tolerance) {
  for (size_t i = 0; i < y.size(); ++i) {
    ASSERT_NEAR(y[i], expected[i], tolerance) << i;
  }
}

// Every way to compute it equals its definition.
void Check(const ConvShape& s, bool with_epilogue = true) {
  const Data data(s);
  ConvEpilogue epilogue;
  if (with_epilogue) {
    epilogue.bias = data.bias.data();
    epilogue.residual = data.residual.data();
    epilogue.activation = Activation::Clamp(0, kInfinity);
  }
  std::vector<float> expected(data.residual.size());
  ConvRef(s, data.x.data(), data.w.data(), epilogue, expected.data());
  const float depth = static_cast<float>(s.depth());
  const float tolerance = 1e-6f * (4 + std::sqrt(depth));
  ExpectNear(Compute(s, data, epilogue, 2), expected, tolerance);
  if (ConvPixelsApplies(s)) {
    ExpectNear(ComputePixels(s, data, epilogue, 2), expected, tolerance);
  }
}

TEST(ConvTest, KnownAnswer) {
  // Each output counts the elements of x under a 3x3 window.
  const ConvShape s = Square(1, 1, 1, 1, 3, 3, 3, 1, 1);
  ForEachTarget([&] {
    ThreadPool pool(1);
    const std::vector<float> x(9, 1), ones(9, 1);
    const PackedRows w(ones.data(), 1, 1, 9);
    std::vector<std::byte> scratch(ConvScratchBytes(s, 1));
    std::vector<float> y(9);
    Conv(s, x.data(), w, {}, y.data(), scratch.data(), pool);
    EXPECT_EQ(y, std::vector<float>({4, 6, 4, 6, 9, 6, 4, 6, 4}));
  });
}

TEST(ConvTest, Pointwise) {
  ForEachTarget([] {
    for (int64_t width = 1; width <= 40; ++width) {
      Check(Square(1, 1, 5, 7, 1, width, 1, 1, 0));
    }
    Check(Square(2, 1, 300, 33, 7, 9, 1, 1, 0));
    Check(Square(1, 1, 16, 24, 20, 31, 1, 1, 0), false);
    Check(Square(1, 1, 16, 24, 21, 31, 1, 2, 0));
  });
}

TEST(ConvTest, SquareKernels) {
  ForEachTarget([] {
    for (int64_t kernel : {2, 3, 5, 7}) {
      for (int64_t stride : {1, 2, 3}) {
        for (int64_t dilation : {1, 2}) {
          for (int64_t pad : {int64_t{0}, kernel / 2, kernel + 1}) {
            SCOPED_TRACE(testing::Message() << kernel << " " << stride << " "
                                            << dilation << " " << pad);
            Check(Square(2, 1, 3, 15, 15, 13, kernel, stride, pad, dilation));
          }
        }
      }
    }
    Check(Square(1, 1, 64, 20, 14, 14, 3, 1, 1));
    Check(Square(1, 1, 3, 8, 40, 50, 3, 2, 1));
    Check(Square(1, 1, 40, 70, 7, 7, 3, 1, 1));
    Check(Square(1, 1, 8, 16, 56, 56, 3, 1, 1));
  });
}

TEST(ConvTest, ManyChannels) {
  ForEachTarget([] {
    for (int64_t channels : {31, 32, 33, 64, 65, 96, 100}) {
      Check(Square(1, 1, 3, channels, 7, 7, 3, 1, 1));
      Check(Square(1, 1, 5, channels, 3, 3, 1, 1, 0));
    }
  });
}

TEST(ConvTest, ManyImages) {
  ForEachTarget([] {
    Check(Square(9, 2, 3, 33, 7, 7, 3, 1, 1));
    Check(Square(9, 1, 3, 33, 5, 7, 1, 1, 0));
  });
}

TEST(ConvTest, Groups) {
  ForEachTarget([] {
    Check(Square(2, 4, 3, 5, 9, 8, 3, 1, 1));
    Check(Square(1, 6, 1, 2, 9, 8, 3, 2, 1));
  });
}

TEST(ConvTest, UnequalPaddingAndStrides) {
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

TEST(ConvTest, OneAndThreeAxes) {
  ConvShape line = Square(2, 1, 6, 10, 1, 100, 1, 1, 0);
  line.kernel = {1, 1, 9};
  line.pad_begin = {0, 0, 4};
  ConvShape box = Square(1, 2, 3, 4, 7, 9, 3, 2, 1);
  box.in[0] = 6;
  box.kernel[0] = 3;
  box.pad_begin[0] = 1;
  box.stride[0] = 1;
  ForEachTarget([&] {
    Check(WithOutput(line, {0, 0, 4}));
    Check(WithOutput(box, {1, 1, 1}));
  });
}

TEST(ConvTest, DeeperThanOneBlock) {
  ForEachTarget([] {
    Check(Square(1, 1, 100, 30, 6, 11, 3, 1, 1));
    Check(Square(1, 1, 600, 30, 1, 1, 1, 1, 0));
  });
}

TEST(ConvTest, ActivationAfterTheLastBlockOnly) {
  const ConvShape s = Square(1, 1, 100, 9, 6, 11, 3, 1, 1);
  const Data data(s);
  ForEachTarget([&] {
    ConvEpilogue epilogue;
    epilogue.bias = data.bias.data();
    epilogue.activation.kind = Activation::Kind::kHardSwish;
    std::vector<float> expected(data.residual.size());
    ConvRef(s, data.x.data(), data.w.data(), epilogue, expected.data());
    ExpectNear(Compute(s, data, epilogue, 2), expected, 1e-4f);
    ExpectNear(ComputePixels(s, data, epilogue, 2), expected, 1e-4f);
  });
}

TEST(ConvTest, SameBitsForAnyNumberOfThreads) {
  for (const ConvShape& s : {Square(2, 1, 40, 30, 23, 19, 3, 1, 1),
                             Square(1, 1, 300, 64, 7, 7, 3, 1, 1),
                             Square(1, 1, 20, 64, 56, 56, 1, 1, 0)}) {
    const Data data(s);
    ForEachTarget([&] {
      const std::vector<float> one = Compute(s, data, {}, 1);
      const std::vector<float> pixels = ComputePixels(s, data, {}, 1);
      for (int threads : {2, 3, 8}) {
        EXPECT_EQ(Compute(s, data, {}, threads), one) << threads;
        EXPECT_EQ(ComputePixels(s, data, {}, threads), pixels) << threads;
      }
    });
  }
}

}  // namespace
}  // namespace hone
