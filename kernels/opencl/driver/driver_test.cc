#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "kernels/opencl/driver/api.h"
#include "kernels/opencl/driver/devices.h"
#include "kernels/opencl/driver/error.h"

namespace hone::opencl {
namespace {

std::vector<DeviceInfo> Three() {
  std::vector<DeviceInfo> devices(3);
  devices[0].name = "processor";
  devices[1].name = "card";
  devices[1].kind = DeviceInfo::Kind::kGpu;
  devices[2].name = "second card";
  devices[2].kind = DeviceInfo::Kind::kGpu;
  for (int i = 0; i < 3; ++i) devices[i].index = i;
  return devices;
}

TEST(ChooseTest, TakesTheFirstGpuOrTheOneAskedFor) {
  EXPECT_EQ(ChooseAmong("opencl", Three())->name, "card");
  EXPECT_EQ(ChooseAmong("opencl:0", Three())->name, "processor");
  EXPECT_EQ(ChooseAmong("opencl:2", Three())->name, "second card");
}

TEST(ChooseTest, TakesTheOnlyOne) {
  const std::vector<DeviceInfo> one(1);
  EXPECT_EQ(ChooseAmong("opencl", one)->index, 0);
}

TEST(ChooseTest, SaysWhatThereIs) {
  for (const char* name : {"opencl:3", "opencl:-1", "opencl:", "opencl:x"}) {
    const absl::Status status = ChooseAmong(name, Three()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << name;
    EXPECT_NE(status.message().find("1: card (gpu"), std::string::npos);
  }
  EXPECT_EQ(ChooseAmong("openclx", Three()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ChooseAmong("cuda", Three()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ErrorTest, SaysWhatHappenedToWhom) {
  EXPECT_TRUE(StatusOf(CL_SUCCESS, "reading", "card").ok());
  const absl::Status memory =
      StatusOf(CL_MEM_OBJECT_ALLOCATION_FAILURE, "allocating", "card");
  EXPECT_EQ(memory.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(memory.message(),
            "device card is out of memory (allocating, "
            "CL_MEM_OBJECT_ALLOCATION_FAILURE)");
  const absl::Status lost =
      StatusOf(CL_DEVICE_NOT_AVAILABLE, "reading", "card");
  EXPECT_EQ(lost.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(lost.message().find("device card was lost (reading"),
            std::string::npos);
  EXPECT_EQ(StatusOf(-9999, "reading", "card").code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(ErrorName(-9999), "OpenCL error -9999");
}

TEST(DevicesTest, AreNumberedAndDescribed) {
  const auto devices = ListDevices();
  if (!devices.ok()) GTEST_SKIP() << devices.status();
  for (size_t i = 0; i < devices->size(); ++i) {
    const DeviceInfo& device = (*devices)[i];
    EXPECT_EQ(device.index, static_cast<int>(i));
    EXPECT_FALSE(device.name.empty());
    EXPECT_FALSE(device.driver.empty());
    EXPECT_GT(device.memory_bytes, 0u);
    EXPECT_GE(device.most_group_items, 1u);
  }
}

}  // namespace
}  // namespace hone::opencl
