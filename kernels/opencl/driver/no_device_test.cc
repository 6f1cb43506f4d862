// What is said where no driver is registered: run with OCL_ICD_VENDORS at a
// folder that does not exist.
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "kernels/opencl/driver/devices.h"

namespace hone::opencl {
namespace {

TEST(NoDeviceTest, SaysThatThereIsNone) {
  const auto devices = ListDevices();
  ASSERT_EQ(devices.status().code(), absl::StatusCode::kUnavailable);
  // Without the loader, the loader is named instead of the platform.
  EXPECT_TRUE(absl::StrContains(devices.status().message(), "no OpenCL"))
      << devices.status();
  EXPECT_EQ(ChooseDevice("opencl").status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace hone::opencl
