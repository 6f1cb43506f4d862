#include "kernels/threads/cpu_quota.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace hone {
namespace {

class CpuQuotaTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = testing::TempDir() + "/" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(root_);
  }
  void Write(const std::string& path, const std::string& text) {
    const std::filesystem::path full = root_ + path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  std::string root_;
};

TEST_F(CpuQuotaTest, NothingThereMeansNoLimit) {
  EXPECT_FALSE(CgroupCpuQuota(root_).has_value());
}

TEST_F(CpuQuotaTest, Version2TakesTheLeastOfTheGroupsAbove) {
  Write("/proc/self/cgroup", "0::/a/b\n");
  Write("/sys/fs/cgroup/a/b/cpu.max", "400000 100000\n");
  EXPECT_EQ(CgroupCpuQuota(root_), 4.0);
  Write("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  EXPECT_EQ(CgroupCpuQuota(root_), 1.5);
}

TEST_F(CpuQuotaTest, Version2MaxIsNoLimit) {
  Write("/proc/self/cgroup", "0::/\n");
  Write("/sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_FALSE(CgroupCpuQuota(root_).has_value());
}

TEST_F(CpuQuotaTest, Version1) {
  Write("/proc/self/cgroup", "5:memory:/x\n3:cpu,cpuacct:/docker/1\n");
  Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
  Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(CgroupCpuQuota(root_), 2.0);
  Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  EXPECT_FALSE(CgroupCpuQuota(root_).has_value());
}

TEST_F(CpuQuotaTest, MalformedFilesMeanNoLimit) {
  Write("/proc/self/cgroup", "0::/\nnonsense\n");
  Write("/sys/fs/cgroup/cpu.max", "many 0\n");
  EXPECT_FALSE(CgroupCpuQuota(root_).has_value());
}

}  // namespace
}  // namespace hone
