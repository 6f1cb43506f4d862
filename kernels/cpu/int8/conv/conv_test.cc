#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include "kernels/cpu/int8/conv/conv.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/conv_ref.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

ConvShape Shape(int64_t batch, int64_t groups, int64_t in_channels,
                int64_t out_channels, Spatial in, Spatial kernel,
                Spatial stride, Spatial dilation, Spatial pad) {
  ConvShape s{batch,  groups, in_channels, out_channels, in,
              kernel, stride, dilation,    pad,          {1, 1, 1}};
  for (int a = 0; a < 3; ++a) {
    s.out[a] =
        (in[a] + 2 * pad[a] - dilation[a] * (kernel[a] - 1) - 1) / stride[a] +
        1;
  }
  return s;
}

// The convolution equals its definition with 1, 2, 3 and 8 threads.
void Check(const ConvShape& s) {
  std::mt19937 random(static_cast<uint32_t>(s.depth() + s.out_size()));
  const int64_t outputs = s.groups * s.out_channels;
  const size_t y_size = static_cast<size_t>(s.batch * s.out_size() * outputs);
  std::vector<uint8_t> x(
      static_cast<size_t>(s.batch * s.in_size() * s.groups * s.in_channels));
  std::vector<int8_t> w(static_cast<size_t>(outputs * s.depth()));
  std::vector<int32_t> bias(static_cast<size_t>(outputs));
  std::vector<float> multiplier(static_cast<size_t>(outputs));
  for (uint8_t& v : x) v = static_cast<uint8_t>(random());
  for (int8_t& v : w) v = static_cast<int8_t>(random());
  for (int32_t& v : bias) v = static_cast<int32_t>(random() % 9999) - 5000;
  for (float& v : multiplier) v = static_cast<float>(random() % 99 + 1) * 1e-5f;
  const uint8_t zx = 131;
  Int8Epilogue epilogue;
  epilogue.zero_point = 90;
  epilogue.low = 2;

  std::vector<uint8_t> expected(y_size);
  Int8ConvRef(s, x.data(), zx, w.data(), bias.data(), multiplier.data(),
              epilogue, expected.data());

  const Int8ConvTaps taps = Int8ConvTapsOf(s);
  const PackedInt8 packed(ArrangeInt8Taps(s, w.data()).data(), s.groups,
                          s.out_channels, taps.count, taps.depth,
                          CurrentInt8Layout());
  const int64_t padded = PaddedInt8Columns(s.out_channels);
  std::vector<int32_t> all_bias(static_cast<size_t>(s.groups * padded));
  std::vector<float> all_multiplier(all_bias.size());
  for (int64_t g = 0; g < s.groups; ++g) {
    for (int64_t c = 0; c < s.out_channels; ++c) {
      const int64_t from = g * s.out_channels + c;
      all_bias[g * padded + c] = bias[from] - zx * packed.column_sum(g, c);
      all_multiplier[g * padded + c] = multiplier[from];
    }
  }
  epilogue.bias = all_bias.data();
  epilogue.multiplier = all_multiplier.data();
  for (int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    const auto scratch =
        hwy::AllocateAligned<std::byte>(Int8ConvScratchBytes(s, threads));
    std::vector<uint8_t> y(y_size);
    Int8Conv(s, x.data(), zx, packed, epilogue, y.data(), scratch.get(), pool);
    ASSERT_EQ(y, expected) << threads << " threads";
  }
}

TEST(Int8Conv, PointwiseOfEveryWidth) {
  ForEachTarget([] {
    for (int64_t c : {1, 3, 4, 8, 24}) {
      Check(Shape(2, 1, c, 17, {1, 7, 9}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1},
                  {0, 0, 0}));
    }
    Check(Shape(1, 1, 16, 70, {1, 11, 10}, {1, 1, 1}, {1, 2, 2}, {1, 1, 1},
                {0, 0, 0}));
  });
}

TEST(Int8Conv, KernelsStridesPadsDilations) {
  ForEachTarget([] {
    Check(Shape(2, 1, 16, 20, {1, 9, 11}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1},
                {0, 1, 1}));
    Check(Shape(1, 1, 20, 9, {1, 13, 12}, {1, 3, 3}, {1, 2, 2}, {1, 1, 1},
                {0, 1, 1}));
    Check(Shape(1, 1, 16, 5, {1, 13, 12}, {1, 3, 5}, {1, 2, 1}, {1, 2, 3},
                {0, 2, 6}));
    // Few channels: rows of taps.
    Check(Shape(2, 1, 3, 16, {1, 17, 19}, {1, 7, 7}, {1, 2, 2}, {1, 1, 1},
                {0, 3, 3}));
    Check(Shape(1, 1, 8, 16, {1, 9, 9}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1},
                {0, 1, 1}));
    Check(Shape(1, 1, 3, 4, {1, 9, 9}, {1, 3, 3}, {1, 1, 1}, {1, 2, 2},
                {0, 2, 2}));
    // Channels that are filled up to a multiple of four, dilated ones too.
    for (int64_t c : {5, 10, 15, 18}) {
      Check(Shape(1, 1, c, 6, {1, 6, 7}, {1, 3, 3}, {1, 1, 1}, {1, 1, 2},
                  {0, 1, 2}));
    }
    // Padding wider than the image.
    Check(Shape(1, 1, 16, 4, {1, 2, 2}, {1, 5, 5}, {1, 1, 1}, {1, 1, 1},
                {0, 4, 4}));
  });
}

TEST(Int8Conv, GroupsAndThreeAxes) {
  ForEachTarget([] {
    Check(Shape(1, 3, 4, 6, {1, 8, 7}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1},
                {0, 1, 1}));
    Check(Shape(2, 2, 5, 3, {1, 8, 7}, {1, 3, 3}, {1, 2, 2}, {1, 1, 1},
                {0, 1, 1}));
    Check(Shape(1, 1, 16, 6, {4, 5, 6}, {3, 3, 2}, {1, 2, 1}, {1, 1, 1},
                {1, 1, 0}));
  });
}

TEST(Int8Conv, MoreTasksThanThreads) {
  Check(Shape(1, 1, 16, 40, {1, 48, 48}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1},
              {0, 1, 1}));
}

TEST(Int8Gemm, AnyDepth) {
  ForEachTarget([] {
    for (int64_t depth : {1, 4, 7, 64}) {
      const int64_t rows = 5;
      const int64_t columns = 19;
      ConvShape s;
      s.batch = rows;
      s.in_channels = depth;
      s.out_channels = columns;
      std::vector<uint8_t> x(static_cast<size_t>(rows * depth));
      std::vector<int8_t> w(static_cast<size_t>(columns * depth));
      for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<uint8_t>(7 * i);
      for (size_t i = 0; i < w.size(); ++i) w[i] = static_cast<int8_t>(11 * i);
      const int64_t padded = PaddedInt8Columns(columns);
      const std::vector<int32_t> bias(static_cast<size_t>(padded));
      const std::vector<float> scale(static_cast<size_t>(padded), 0.125f);
      Int8Epilogue epilogue;
      epilogue.bias = bias.data();
      epilogue.multiplier = scale.data();
      epilogue.to_float = true;
      std::vector<float> expected(static_cast<size_t>(rows * columns));
      Int8ConvRef(s, x.data(), 0, w.data(), bias.data(), scale.data(), epilogue,
                  expected.data());
      const Int8ConvTaps taps = Int8ConvTapsOf(s);
      const PackedInt8 packed(ArrangeInt8Taps(s, w.data()).data(), 1, columns,
                              taps.count, taps.depth, CurrentInt8Layout());
      ThreadPool pool(2);
      const auto scratch =
          hwy::AllocateAligned<std::byte>(Int8GemmScratchBytes(rows, depth, 2));
      std::vector<float> y(expected.size());
      Int8Gemm(rows, depth, x.data(), packed, epilogue, y.data(), scratch.get(),
               pool);
      EXPECT_EQ(y, expected);
    }
  });
}

}  // namespace
}  // namespace hone
