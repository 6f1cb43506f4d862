#include "algorithms/quantization/weights.h"

#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/device.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

QuantizedWeight Quantized(const Tensor& weight, std::optional<int> axis,
                          bool half_range, const std::vector<float>& bias = {},
                          float input_scale = 1) {
  ThreadPool pool(1);
  const auto device = MakeDevice("cpu", pool);
  EXPECT_TRUE(device.ok());
  const auto result =
      QuantizeWeight(weight, axis, half_range, bias, input_scale, **device);
  EXPECT_TRUE(result.ok()) << result.status();
  return *result;
}

std::vector<int8_t> Levels(const QuantizedWeight& weight) {
  const auto values = weight.values.Values<int8_t>();
  return {values.begin(), values.end()};
}

TEST(WeightsTest, PerChannelOnEitherAxis) {
  const Tensor w =
      Tensor::FromVector<float>({2, 2}, {1.27f, -0.5f, 12.7f, 5.f});
  const QuantizedWeight rows = Quantized(w, 0, false);
  EXPECT_FLOAT_EQ(rows.scales[0], 0.01f);
  EXPECT_FLOAT_EQ(rows.scales[1], 0.1f);
  EXPECT_EQ(Levels(rows), (std::vector<int8_t>{127, -50, 127, 50}));
  const QuantizedWeight columns = Quantized(w, 1, false);
  EXPECT_FLOAT_EQ(columns.scales[0], 0.1f);
  EXPECT_EQ(Levels(columns), (std::vector<int8_t>{13, -13, 127, 127}));
}

TEST(WeightsTest, PerTensorAndHalfRange) {
  const Tensor w =
      Tensor::FromVector<float>({2, 2}, {1.27f, -0.5f, 12.7f, 5.f});
  EXPECT_EQ(Levels(Quantized(w, std::nullopt, false)),
            (std::vector<int8_t>{13, -5, 127, 50}));
  EXPECT_EQ(Levels(Quantized(w, std::nullopt, true)),
            (std::vector<int8_t>{6, -2, 64, 25}));
}

TEST(WeightsTest, AHugeBiasRaisesItsChannelsScale) {
  const Tensor w = Tensor::FromVector<float>({2, 1}, {1.27f, 1.27f});
  const std::vector<float> bias = {0.f, 1e6f};
  const QuantizedWeight q = Quantized(w, 0, false, bias, 1e-6f);
  EXPECT_FLOAT_EQ(q.scales[0], 0.01f);
  EXPECT_GT(q.scales[1], 900.f);
  const QuantizedBias b = QuantizeBias(bias, 1e-6f, q.scales);
  EXPECT_NEAR(b.values.Values<int32_t>()[1], 1 << 30, 1 << 10);
}

TEST(WeightsTest, BiasRoundsHalfToEven) {
  const QuantizedBias b =
      QuantizeBias({0.25f, -0.75f, 2.f}, 0.5f, {1.f, 1.f, 0.25f});
  const auto q = b.values.Values<int32_t>();
  EXPECT_EQ(q[0], 0);   // 0.5
  EXPECT_EQ(q[1], -2);  // -1.5
  EXPECT_EQ(q[2], 16);
  EXPECT_EQ(b.scales.dims(), Dims({3}));
  EXPECT_EQ(QuantizeBias({1.f, 2.f}, 1.f, {0.5f}).scales.rank(), 0);
}

}  // namespace
}  // namespace hone
