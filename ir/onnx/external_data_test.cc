#include "ir/onnx/external_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/onnx/test_folder.h"

namespace hone {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ExternalDataReaderTest, MapsEachFileOnce) {
  const TestFolder folder;
  std::filesystem::create_directory(folder.Path("sub"));
  folder.Write("sub/data", "0123456789");
  ExternalDataReader reader(folder.Path("model.onnx"));
  std::shared_ptr<const void> owner;
  std::shared_ptr<const void> other;
  const auto bytes = reader.Read("sub/data", 3, 4, &owner);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes->data()), 4),
            "3456");
  EXPECT_TRUE(reader.Read("sub/data", 10, 0, &other).ok());
  EXPECT_EQ(owner, other);
}

TEST(ExternalDataReaderTest, RefusesLocationsOutsideOfTheFolder) {
  const TestFolder folder;
  folder.Write("secret", "0123");
  std::filesystem::create_directory(folder.Path("models"));
  std::filesystem::create_symlink("../secret", folder.Path("models/link"));
  ExternalDataReader reader(folder.Path("models/model.onnx"));
  std::shared_ptr<const void> owner;
  const std::vector<std::string> locations = {"../secret",
                                              "sub/../../secret",
                                              "./../secret",
                                              folder.Path("secret"),
                                              "/etc/passwd",
                                              "",
                                              ".",
                                              "sub/..",
                                              std::string("a\0b", 3),
                                              "link"};
  for (const std::string& location : locations) {
    const absl::Status status = reader.Read(location, 0, 1, &owner).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << location;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("outside of the model's folder"));
  }
}

TEST(ExternalDataReaderTest, FollowsAModelThatIsALinkItself) {
  // As download caches keep files: a snapshot of links into one store.
  const TestFolder folder;
  std::filesystem::create_directory(folder.Path("store"));
  std::filesystem::create_directory(folder.Path("snapshot"));
  folder.Write("store/1", "model");
  folder.Write("store/2", "data");
  std::filesystem::create_symlink("../store/1", folder.Path("snapshot/m.onnx"));
  std::filesystem::create_symlink("../store/2", folder.Path("snapshot/m.data"));
  ExternalDataReader reader(folder.Path("snapshot/m.onnx"));
  std::shared_ptr<const void> owner;
  EXPECT_TRUE(reader.Read("m.data", 0, 4, &owner).ok());
}

TEST(ExternalDataReaderTest, NamesMissingAndShortFiles) {
  const TestFolder folder;
  folder.Write("data", "0123");
  ExternalDataReader reader(folder.Path("model.onnx"));
  std::shared_ptr<const void> owner;
  const absl::Status missing = reader.Read("none", 0, 1, &owner).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr(folder.Path("none")));
  const absl::Status cut = reader.Read("data", 2, 3, &owner).status();
  EXPECT_THAT(std::string(cut.message()),
              AllOf(HasSubstr("expected 3 bytes from byte 2"),
                    HasSubstr("found a file of 4 bytes")));
  EXPECT_FALSE(reader.Read("data", UINT64_MAX, 2, &owner).ok());
  EXPECT_FALSE(reader.Read("data", 2, UINT64_MAX, &owner).ok());
  ExternalDataReader nowhere("");
  EXPECT_THAT(
      std::string(nowhere.Read("data", 0, 1, &owner).status().message()),
      HasSubstr("no folder"));
}

TEST(ExternalDataLayoutTest, AlignsAndShares) {
  const std::vector<std::byte> small(100);
  const std::vector<std::byte> large(size_t{1} << 20);
  ExternalDataLayout layout("data", 64);
  EXPECT_FALSE(layout.Wants(63));
  EXPECT_TRUE(layout.Wants(64));
  EXPECT_EQ(layout.Add(small), 0u);
  EXPECT_EQ(layout.Add(absl::MakeConstSpan(small).subspan(1)), 128u);
  EXPECT_EQ(layout.Add(large), 4096u);
  EXPECT_EQ(layout.Add(small), 0u);
  EXPECT_EQ(layout.pieces().size(), 3u);
}

}  // namespace
}  // namespace hone
