#include "kernels/exec/device.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace hone {
namespace {

class DeviceTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto device = MakeDevice(GetParam(), pool_);
    if (absl::IsUnavailable(device.status())) GTEST_SKIP() << device.status();
    ASSERT_TRUE(device.ok()) << device.status();
    device_ = *std::move(device);
  }

  ThreadPool pool_{2};
  std::unique_ptr<Device> device_;
  const std::vector<float> x_ = {-1, 2, 0.5f, 0.25f, -3, 4, 1.5f, -0.5f};
};

INSTANTIATE_TEST_SUITE_P(Every, DeviceTest, testing::Values("cpu", "opencl"),
                         [](const testing::TestParamInfo<const char*>& info) {
                           return std::string(info.param);
                         });

TEST_P(DeviceTest, IsNamed) {
  EXPECT_EQ(device_->name().substr(0, 3), std::string(GetParam()).substr(0, 3));
}

TEST_P(DeviceTest, RangeOfAnArray) {
  const FloatRange range = *device_->Range(x_);
  EXPECT_EQ(range.min, -3);
  EXPECT_EQ(range.max, 4);
  EXPECT_EQ(range.sum, 3.75);
}

TEST_P(DeviceTest, RangeOfEachChannel) {
  const std::vector<FloatRange> ranges =
      *device_->RangePerChannel({x_.data(), 2, 2, 2});
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0].min, -3);
  EXPECT_EQ(ranges[0].max, 4);
  EXPECT_EQ(ranges[1].min, -0.5f);
  EXPECT_EQ(ranges[1].max, 1.5f);
}

TEST_P(DeviceTest, QuantizesEachChannelByItsScale) {
  std::vector<int8_t> q(8);
  ASSERT_TRUE(device_
                  ->Quantize({x_.data(), 2, 2, 2}, {1.0f, 0.5f}, {0, 10},
                             DType::kS8, reinterpret_cast<std::byte*>(q.data()))
                  .ok());
  // 0.25 / 0.5 = 0.5 rounds to the even 0.
  EXPECT_EQ(q, (std::vector<int8_t>{-1, 2, 11, 10, -3, 4, 13, 9}));
}

TEST_P(DeviceTest, RefusesOtherTypesAndLengths) {
  std::vector<std::byte> q(64);
  EXPECT_EQ(device_
                ->Quantize({x_.data(), 2, 2, 2}, {1.0f, 1.0f}, {0, 0},
                           DType::kF32, q.data())
                .code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      device_
          ->Quantize({x_.data(), 2, 2, 2}, {1.0f}, {0, 0}, DType::kS8, q.data())
          .code(),
      absl::StatusCode::kInvalidArgument);
}

TEST(MakeDeviceTest, SaysWhatThereIsNot) {
  ThreadPool pool(1);
  EXPECT_EQ(MakeDevice("gpu", pool).status().code(),
            absl::StatusCode::kInvalidArgument);
  const absl::Status status = MakeDevice("opencl:999", pool).status();
  EXPECT_TRUE(absl::IsNotFound(status) || absl::IsUnavailable(status))
      << status;
}

}  // namespace
}  // namespace hone
