#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include "kernels/cpu/int8/depthwise/depthwise.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/conv_ref.h"
#include "kernels/cpu/int8/depthwise/weights.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

template <typename Y>
void Check(const ConvShape& s, bool extreme, Int8Epilogue epilogue) {
  ASSERT_TRUE(Int8DepthwiseApplies(s));
  std::mt19937 random(static_cast<uint32_t>(s.groups + s.out_size()));
  const int64_t taps = Volume(s.kernel);
  std::vector<uint8_t> x(static_cast<size_t>(s.batch * s.in_size() * s.groups));
  std::vector<int8_t> w(static_cast<size_t>(s.groups * taps));
  std::vector<int32_t> bias(static_cast<size_t>(s.groups));
  std::vector<float> multiplier(static_cast<size_t>(s.groups));
  for (uint8_t& v : x) v = extreme ? 255 : static_cast<uint8_t>(random());
  for (int8_t& v : w) v = extreme ? 127 : static_cast<int8_t>(random());
  for (int32_t& v : bias) v = static_cast<int32_t>(random() % 9999) - 5000;
  for (float& v : multiplier) v = static_cast<float>(random() % 99 + 1) * 1e-4f;
  const uint8_t zx = 117;
  std::vector<Y> expected(
      static_cast<size_t>(s.batch * s.out_size() * s.groups));
  Int8ConvRef(s, x.data(), zx, w.data(), bias.data(), multiplier.data(),
              epilogue, expected.data());

  // The same for every pixel that is computed together.
  const int64_t together = Int8DepthwisePixelsTogether(s);
  const size_t channels = static_cast<size_t>(s.groups);
  w.reserve(w.size() * together);
  bias.reserve(bias.size() * together);
  multiplier.reserve(multiplier.size() * together);
  for (size_t i = 1; i < static_cast<size_t>(together); ++i) {
    w.insert(w.end(), w.begin(), w.begin() + channels * taps);
    bias.insert(bias.end(), bias.begin(), bias.begin() + channels);
    multiplier.insert(multiplier.end(), multiplier.begin(),
                      multiplier.begin() + channels);
  }
  const Int8DepthwiseWeights weights(w.data(), together * s.groups, taps,
                                     CurrentInt8Layout());
  for (int64_t c = 0; c < weights.channels(); ++c) {
    bias[c] -= zx * weights.channel_sum(c);
  }
  const std::vector<int32_t> all_bias = weights.Arrange(bias.data());
  const std::vector<float> all_multiplier = weights.Arrange(multiplier.data());
  epilogue.bias = all_bias.data();
  epilogue.multiplier = all_multiplier.data();
  for (int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    const auto scratch =
        hwy::AllocateAligned<std::byte>(Int8DepthwiseScratchBytes(s));
    std::vector<Y> y(expected.size());
    Int8Depthwise(s, x.data(), zx, weights, epilogue, y.data(), scratch.get(),
                  pool);
    ASSERT_EQ(y, expected) << s.groups << " channels";
  }
}

ConvShape Shape(int64_t channels, int64_t size, int64_t kernel, int64_t stride,
                int64_t dilation, int64_t pad) {
  ConvShape s;
  s.batch = 2;
  s.groups = channels;
  s.in = {1, size, size + 1};
  s.kernel = {1, kernel, kernel};
  s.stride = {1, stride, stride};
  s.dilation = {1, dilation, dilation};
  s.pad_begin = {0, pad, pad};
  for (int a = 1; a < 3; ++a) {
    s.out[a] = (s.in[a] + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
  }
  return s;
}

Int8Epilogue Unsigned() {
  Int8Epilogue e;
  e.zero_point = 90;
  e.low = 2;
  return e;
}

TEST(Int8Depthwise, EqualsTheDefinition) {
  ForEachTarget([] {
    for (int64_t channels : {1, 15, 16, 24, 32, 63, 64, 65, 96, 144, 200}) {
      Check<uint8_t>(Shape(channels, 7, 3, 1, 1, 1), false, Unsigned());
      Check<uint8_t>(Shape(channels, 8, 3, 2, 1, 1), false, Unsigned());
    }
  });
}

TEST(Int8Depthwise, KernelsStridesDilationsPads) {
  ForEachTarget([] {
    for (int64_t channels : {24, 80}) {
      Check<uint8_t>(Shape(channels, 9, 5, 1, 1, 2), false, Unsigned());
      Check<uint8_t>(Shape(channels, 9, 5, 2, 1, 2), false, Unsigned());
      Check<uint8_t>(Shape(channels, 9, 7, 1, 1, 3), false, Unsigned());
      Check<uint8_t>(Shape(channels, 9, 3, 1, 2, 2), false, Unsigned());
      Check<uint8_t>(Shape(channels, 9, 2, 3, 1, 0), false, Unsigned());
      Check<uint8_t>(Shape(channels, 2, 5, 1, 1, 4), false, Unsigned());
      Check<uint8_t>(Shape(channels, 3, 1, 1, 1, 0), false, Unsigned());
    }
  });
}

TEST(Int8Depthwise, SignedAndFloatOutputs) {
  ForEachTarget([] {
    Int8Epilogue is_signed;
    is_signed.zero_point = -9;
    is_signed.low = -128;
    is_signed.high = 127;
    Int8Epilogue to_float;
    to_float.to_float = true;
    to_float.float_low = -3;
    for (int64_t channels : {24, 80}) {
      Check<int8_t>(Shape(channels, 7, 3, 1, 1, 1), false, is_signed);
      Check<float>(Shape(channels, 7, 3, 1, 1, 1), false, to_float);
    }
  });
}

TEST(Int8Depthwise, LargestNumbersDoNotSaturate) {
  ForEachTarget([] {
    for (int64_t kernel : {3, 5}) {
      Int8Epilogue to_float;
      to_float.to_float = true;
      Check<float>(Shape(80, 7, kernel, 1, 1, 0), true, to_float);
    }
  });
}

}  // namespace
}  // namespace hone
