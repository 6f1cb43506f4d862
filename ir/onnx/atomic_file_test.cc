#include "ir/onnx/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "ir/onnx/test_folder.h"

namespace hone {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(AtomicFileTest, AppearsWithTheCommit) {
  const TestFolder folder;
  folder.Write("out", "old");
  auto file = AtomicFile::Create(folder.Path("out"));
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->Append("ne").ok());
  EXPECT_TRUE(file->Append("w").ok());
  EXPECT_TRUE(file->PadTo(5).ok());
  EXPECT_EQ(folder.Contents("out"), "old");
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_EQ(folder.Contents("out"), std::string("new\0\0", 5));
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("out"));
}

TEST(AtomicFileTest, NothingRemainsWithoutACommit) {
  const TestFolder folder;
  {
    auto file = AtomicFile::Create(folder.Path("out"));
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(file->Append("text").ok());
    const AtomicFile moved = *std::move(file);
  }
  EXPECT_THAT(folder.Names(), IsEmpty());
}

TEST(AtomicFileTest, KeepsThePermissionsAndTheLink) {
  const TestFolder folder;
  folder.Write("real", "old");
  ASSERT_EQ(chmod(folder.Path("real").c_str(), 0640), 0);
  std::filesystem::create_symlink("real", folder.Path("link"));
  auto file = AtomicFile::Create(folder.Path("link"));
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->Append("new").ok());
  EXPECT_TRUE(file->Commit().ok());
  EXPECT_TRUE(std::filesystem::is_symlink(folder.Path("link")));
  EXPECT_EQ(folder.Contents("real"), "new");
  struct stat info;
  ASSERT_EQ(stat(folder.Path("real").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST(AtomicFileTest, AFullDiskIsAnErrorThatNamesTheFile) {
  auto file = AtomicFile::Create("/dev/full");
  ASSERT_TRUE(file.ok());
  const absl::Status status = file->Append("text");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/dev/full"));
  EXPECT_FALSE(file->Commit().ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AtomicFileTest, ASizeLimitLeavesTheOldFile) {
  const TestFolder folder;
  folder.Write("out", "old");
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  auto file = AtomicFile::Create(folder.Path("out"));
  ASSERT_TRUE(file.ok());
  const absl::Status status = file->Append(std::string(5000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("out"));
  EXPECT_EQ(folder.Contents("out"), "old");
}

TEST(AtomicFileTest, BadNamesAreErrors) {
  const TestFolder folder;
  EXPECT_EQ(AtomicFile::Create(folder.Path("none/out")).status().code(),
            absl::StatusCode::kNotFound);
  const absl::Status status = AtomicFile::Create(folder.Path("")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("found a folder"));
}

}  // namespace
}  // namespace hone
