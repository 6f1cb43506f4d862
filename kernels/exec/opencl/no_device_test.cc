// What is said where no driver is registered: run with OCL_ICD_VENDORS at a
// folder that does not exist.
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "kernels/exec/opencl/accelerator.h"

namespace hone {
namespace {

TEST(NoDeviceTest, WhatIsAskedForFailsInClearWords) {
  for (const char* name : {"opencl", "opencl:0"}) {
    const absl::Status status = MakeAccelerator(name).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(absl::StrContains(status.message(), "no OpenCL")) << status;
  }
}

TEST(NoDeviceTest, AutoFallsBackToTheCpuAndSaysSo) {
  const auto choice = MakeAccelerator("auto");
  ASSERT_TRUE(choice.ok()) << choice.status();
  EXPECT_EQ(choice->accelerator, nullptr);
  EXPECT_TRUE(absl::StrContains(choice->note, "on the CPU: no OpenCL"))
      << choice->note;
}

TEST(NoDeviceTest, TheCpuNeedsNone) {
  const auto choice = MakeAccelerator("cpu");
  ASSERT_TRUE(choice.ok());
  EXPECT_EQ(choice->accelerator, nullptr);
  EXPECT_EQ(choice->note, "");
  EXPECT_EQ(MakeAccelerator("cuda").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
