#include "kernels/cpu/conv_transpose/conv_transpose.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/random_conv.h"
#include "kernels/cpu/conv_transpose/conv_transpose_ref.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

ConvShape Transposed(int64_t batch, int64_t groups, int64_t in_channels,
                     int64_t out_channels, int64_t height, int64_t width,
                     int64_t kernel, int64_t stride, int64_t pad,
                     int64_t output_padding, int64_t dilation = 1) {
  ConvShape s;
  s.batch = batch;
  s.groups = groups;
  s.in_channels = in_channels;
  s.out_channels = out_channels;
  s.in = {1, height, width};
  s.kernel = {1, kernel, kernel};
  s.stride = {1, stride, stride};
  s.dilation = {1, dilation, dilation};
  s.pad_begin = {0, pad, pad};
  for (int i = 1; i < 3; ++i) {
    s.out[i] = stride * (s.in[i] - 1) + output_padding +
               (kernel - 1) * dilation + 1 - 2 * pad;
  }
  return s;
}

std::vector<float> Compute(const ConvShape& s, const std::vector<float>& x,
                           const std::vector<float>& w, const float* bias,
                           const Activation& activation, int threads) {
  ThreadPool pool(threads);
  const PackedRows packed = PackConvTransposeWeights(s, w.data());
  std::vector<std::byte> scratch(ConvTransposeScratchBytes(s, threads));
  std::vector<float> y(
      static_cast<size_t>(s.batch * s.groups * s.out_channels * s.out_size()));
  ConvTranspose(s, x.data(), packed, bias, activation, y.data(), scratch.data(),
                pool);
  return y;
}

void Check(const ConvShape& s, const Activation& activation = {}) {
  const std::vector<float> x =
      RandomFloats(s.batch * s.groups * s.in_channels * s.in_size(), 1);
  const std::vector<float> w = RandomFloats(
      s.groups * s.in_channels * s.out_channels * Volume(s.kernel), 2);
  const std::vector<float> bias = RandomFloats(s.groups * s.out_channels, 3);
  const std::vector<float> y = Compute(s, x, w, bias.data(), activation, 2);
  std::vector<float> expected(y.size());
  ConvTransposeRef(s, x.data(), w.data(), bias.data(), expected.data());
  const float tolerance = 1e-6f * static_cast<float>(10 + s.depth() / 8);
  for (size_t i = 0; i < y.size(); ++i) {
    ASSERT_NEAR(y[i], Activate(activation, expected[i]), tolerance) << i;
  }
}

TEST(ConvTransposeTest, KnownAnswer) {
  // A 2x2 image, each element spread over a 2x2 block.
  const ConvShape s = Transposed(1, 1, 1, 1, 2, 2, 2, 2, 0, 0);
  ForEachTarget([&] {
    EXPECT_EQ(Compute(s, {1, 2, 3, 4}, {1, 10, 100, 1000}, nullptr, {}, 1),
              std::vector<float>({1, 10, 2, 20, 100, 1000, 200, 2000, 3, 30, 4,
                                  40, 300, 3000, 400, 4000}));
  });
}

TEST(ConvTransposeTest, KernelsStridesPadsAndDilations) {
  ForEachTarget([] {
    for (int64_t kernel : {1, 2, 3, 4}) {
      for (int64_t stride : {1, 2, 3}) {
        for (int64_t pad = 0; pad <= kernel / 2; ++pad) {
          for (int64_t dilation : {1, 2}) {
            SCOPED_TRACE(testing::Message() << kernel << " " << stride << " "
                                            << pad << " " << dilation);
            Check(Transposed(2, 1, 5, 3, 6, 7, kernel, stride, pad, stride - 1,
                             dilation));
          }
        }
      }
    }
  });
}

TEST(ConvTransposeTest, EveryWidth) {
  ForEachTarget([] {
    for (int64_t width = 1; width <= 36; ++width) {
      Check(Transposed(1, 1, 2, 2, 2, width, 3, 2, 1, 1));
      Check(Transposed(1, 1, 2, 2, 2, width, 3, 1, 1, 0));
    }
  });
}

TEST(ConvTransposeTest, GroupsAndActivation) {
  ForEachTarget([] {
    Check(Transposed(2, 3, 4, 5, 6, 5, 4, 2, 1, 0));
    Check(Transposed(1, 4, 1, 1, 6, 5, 4, 2, 1, 0), Activation::Clamp(0, 1));
  });
}

TEST(ConvTransposeTest, ThreeAxes) {
  ConvShape s = Transposed(1, 1, 3, 2, 4, 5, 3, 2, 1, 1);
  s.in[0] = 3;
  s.kernel[0] = 2;
  s.stride[0] = 2;
  s.out[0] = 6;
  ForEachTarget([&] { Check(s); });
}

TEST(ConvTransposeTest, SameBitsForAnyNumberOfThreads) {
  const ConvShape s = Transposed(2, 1, 40, 30, 14, 14, 4, 2, 1, 0);
  const std::vector<float> x = RandomFloats(2 * 40 * 14 * 14, 1);
  const std::vector<float> w = RandomFloats(40 * 30 * 16, 2);
  ForEachTarget([&] {
    const std::vector<float> one = Compute(s, x, w, nullptr, {}, 1);
    for (int threads : {2, 3, 8}) {
      EXPECT_EQ(Compute(s, x, w, nullptr, {}, threads), one) << threads;
    }
  });
}

}  // namespace
}  // namespace hone
