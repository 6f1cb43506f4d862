#include "kernels/opencl/context/context.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "kernels/opencl/context/program_cache.h"
#include "kernels/opencl/context/testing.h"
#include "kernels/opencl/driver/devices.h"

namespace hone::opencl {
namespace {

constexpr char kScale[] = R"(
__kernel void scale(uint n, __global float* x, float factor) {
  const uint i = get_global_id(0);
  if (i < n) x[i] *= factor * FACTOR;
}
__kernel void sum_of(int8 v, __global float* x) {
  x[0] = v.s0 + v.s1 + v.s7;
})";

class ContextTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto device = ChooseDevice("opencl");
    if (!device.ok()) GTEST_SKIP() << device.status();
    device_ = *device;
    folder_ = testing::TempDir() + "/programs";
    std::filesystem::remove_all(folder_);
  }
  std::shared_ptr<Context> Make(uint64_t limit = 0) {
    ContextOptions options;
    options.memory_limit = limit;
    options.cache_folder = folder_;
    return *Context::Create(device_, options);
  }
  // 3 * 2 by a kernel.
  float Scaled(Context& context) {
    const float three = 3;
    const BufferPtr x = *context.Upload(&three, sizeof(three));
    EXPECT_TRUE(
        context.Run(program_, "scale", {uint32_t{1}, x, 1.0f}, {1}, {1}).ok());
    float y = 0;
    EXPECT_TRUE(context.Download(*x, &y, sizeof(y)).ok());
    return y;
  }

  DeviceInfo device_;
  std::string folder_;
  const Program program_ = {kScale, "-DFACTOR=2"};
};

TEST_F(ContextTest, CopiesAndComputes) {
  const auto context = Make();
  std::vector<float> x = {1, 2, 3, 4, 5};
  const BufferPtr buffer = *context->Upload(x.data(), 20);
  ASSERT_TRUE(
      context->Run(program_, "scale", {uint32_t{5}, buffer, 0.5f}, {5}, {4})
          .ok());
  std::vector<float> y(5);
  ASSERT_TRUE(context->Download(*buffer, y.data(), 20).ok());
  EXPECT_EQ(y, x);
  ASSERT_TRUE(context
                  ->Run(program_, "sum_of",
                        {Int8{1, 2, 0, 0, 0, 0, 0, 40}, buffer}, {1}, {1})
                  .ok());
  ASSERT_TRUE(context->Download(*buffer, y.data(), 4).ok());
  EXPECT_EQ(y[0], 43);
  EXPECT_TRUE(context->Finish().ok());
}

TEST_F(ContextTest, ClearsMemory) {
  const auto context = Make();
  const BufferPtr zeros = *context->Zeros(10);
  std::vector<uint8_t> bytes(10, 7);
  ASSERT_TRUE(context->Download(*zeros, bytes.data(), 10).ok());
  EXPECT_EQ(bytes, std::vector<uint8_t>(10, 0));
}

TEST_F(ContextTest, KeepsWithinItsMemory) {
  const auto context = Make(1 << 20);
  {
    const BufferPtr half = *context->Allocate(600 << 10);
    const absl::Status second = context->Allocate(600 << 10).status();
    EXPECT_EQ(second.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_TRUE(absl::StrContains(second.message(), "out of memory")) << second;
    EXPECT_GE(context->memory_in_use(), 600u << 10);
  }
  EXPECT_EQ(context->memory_in_use(), 0u);
  // What was kept for reuse makes room for another size.
  EXPECT_TRUE(context->Allocate(900 << 10).ok());
  EXPECT_TRUE(context->Allocate(0).ok());
  EXPECT_EQ(context->Allocate(SIZE_MAX / 2).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(ContextTest, SaysWhyAProgramDoesNotCompile) {
  const auto context = Make();
  const absl::Status status = context->Run(
      {"__kernel void f() { no_such_thing(); }", ""}, "f", {}, {1}, {1});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "no_such_thing")) << status;
  EXPECT_EQ(context->Run(program_, "nothing", {}, {1}, {1}).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(ContextTest, CompilesOnceAndKeepsItOnDisk) {
  {
    const auto context = Make();
    EXPECT_EQ(Scaled(*context), 6);
    EXPECT_EQ(Scaled(*context), 6);
    EXPECT_EQ(context->programs_compiled(), 1);
    EXPECT_EQ(context->programs_from_cache(), 0);
  }
  const auto context = Make();
  EXPECT_EQ(Scaled(*context), 6);
  EXPECT_EQ(context->programs_compiled(), 0);
  EXPECT_EQ(context->programs_from_cache(), 1);
  EXPECT_NE(context->CachePathOf(program_),
            context->CachePathOf({kScale, "-DFACTOR=3"}));
}

TEST_F(ContextTest, BuildsAnewWhatIsDamaged) {
  const std::string path = Make()->CachePathOf(program_);
  for (const bool cut : {true, false}) {
    EXPECT_EQ(Scaled(*Make()), 6);
    ASSERT_TRUE(std::filesystem::exists(path));
    if (cut) {
      std::filesystem::resize_file(path, 100);
    } else {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(200);
      file << "damaged";
    }
    const auto context = Make();
    EXPECT_EQ(Scaled(*context), 6);
    EXPECT_EQ(context->programs_compiled(), 1);
  }
  const auto context = Make();  // the damaged entry was replaced
  EXPECT_EQ(Scaled(*context), 6);
  EXPECT_EQ(context->programs_from_cache(), 1);
}

// An entry that is whole but not what the driver wants.
TEST_F(ContextTest, BuildsAnewWhatTheDriverRefuses) {
  const auto context = Make();
  EXPECT_EQ(Scaled(*context), 6);
  const ProgramCache cache(folder_);
  cache.Store("key", "no binary of any driver");
  EXPECT_EQ(*cache.Load("key"), "no binary of any driver");
  std::filesystem::rename(cache.PathOf("key"), context->CachePathOf(program_));
  const auto again = Make();
  EXPECT_EQ(Scaled(*again), 6);
  EXPECT_EQ(again->programs_compiled(), 1);
}

TEST(ProgramCacheTest, AFolderThatCannotBeWrittenIsNoError) {
  const ProgramCache cache("/proc/no/such/folder");
  cache.Store("key", "binary");
  EXPECT_FALSE(cache.Load("key").has_value());
  const ProgramCache none("");
  none.Store("key", "binary");
  EXPECT_FALSE(none.Load("key").has_value());
}

}  // namespace
}  // namespace hone::opencl
