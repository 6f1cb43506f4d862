#include "harness/files/files.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/files_test";
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(MakeFolder(folder_ + "/a/b").ok());
  }
  int Count() const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      count += entry.is_regular_file();
    }
    return count;
  }
  std::string folder_;
};

TEST_F(FilesTest, KnownHash) {
  EXPECT_EQ(Sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_TRUE(WriteFile(folder_ + "/x", "abc").ok());
  EXPECT_EQ(*Sha256OfFile(folder_ + "/x"), Sha256("abc"));
}

TEST_F(FilesTest, WritesWholeFilesAndLeavesNothingBehind) {
  ASSERT_TRUE(WriteFile(folder_ + "/x", "one").ok());
  ASSERT_TRUE(WriteFile(folder_ + "/x", "two").ok());
  EXPECT_EQ(*ReadFile(folder_ + "/x"), "two");
  EXPECT_EQ(*FileSize(folder_ + "/x"), 3u);
  EXPECT_EQ(Count(), 1);
  const absl::Status status = WriteFile(folder_ + "/none/x", "one");
  EXPECT_EQ(ExitCode(status), 3);
  EXPECT_NE(status.message().find("/none/x"), std::string::npos);
}

TEST_F(FilesTest, AFailedWriteKeepsTheOldFile) {
  ASSERT_TRUE(WriteFile(folder_ + "/x", "old").ok());
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  const absl::Status status = WriteFile(folder_ + "/x", std::string(9000, 'n'));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(*ReadFile(folder_ + "/x"), "old");
  EXPECT_EQ(Count(), 1);
}

TEST_F(FilesTest, LinksReplaceWhatIsThere) {
  ASSERT_TRUE(WriteFile(folder_ + "/x", "new").ok());
  ASSERT_TRUE(WriteFile(folder_ + "/y", "old").ok());
  ASSERT_TRUE(LinkOrCopy(folder_ + "/x", folder_ + "/y").ok());
  ASSERT_TRUE(LinkOrCopy(folder_ + "/x", folder_ + "/y").ok());
  EXPECT_EQ(*ReadFile(folder_ + "/y"), "new");
  EXPECT_EQ(Count(), 2);
  EXPECT_FALSE(LinkOrCopy(folder_ + "/none", folder_ + "/z").ok());
}

TEST_F(FilesTest, RemovesLeftoversOfTheDeadOnly) {
  std::ofstream(folder_ + "/x.hone-tmp.999999999.0") << "part";
  std::ofstream(folder_ + "/x.hone-tmp." + std::to_string(getpid()) + ".0")
      << "part";
  std::ofstream(folder_ + "/x.hone-tmp.999999999.0.tmp-999999999-1") << "part";
  std::ofstream(folder_ + "/other") << "kept";
  RemoveLeftovers(folder_);
  EXPECT_EQ(Count(), 2);
  EXPECT_FALSE(Exists(folder_ + "/x.hone-tmp.999999999.0"));
}

}  // namespace
}  // namespace hone::harness
