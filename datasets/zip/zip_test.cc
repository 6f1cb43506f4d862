#include "datasets/zip/zip.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "datasets/file/file.h"

namespace hone::datasets {
namespace {

absl::Span<const std::byte> Bytes(const std::string& text) {
  return absl::MakeConstSpan(reinterpret_cast<const std::byte*>(text.data()),
                             text.size());
}

std::string Text(const FileBytes& file) {
  return std::string(reinterpret_cast<const char*>(file.bytes.data()),
                     file.bytes.size());
}

std::string Slurp(const std::string& path) { return Text(*MapFile(path)); }

void Spill(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Opens and reads every member; the first error.
absl::Status ReadAll(const std::string& path) {
  const absl::StatusOr<ZipFile> zip = ZipFile::Open(path);
  if (!zip.ok()) return zip.status();
  for (const ZipMember& member : zip->members()) {
    const absl::StatusOr<FileBytes> bytes = zip->Read(member);
    if (!bytes.ok()) return bytes.status();
  }
  return absl::OkStatus();
}

TEST(ZipTest, ReadsWhatItWrites) {
  const std::string path = testing::TempDir() + "/w.zip";
  const std::string one = "hello", two = " world";
  ASSERT_TRUE(
      WriteZip(path, {{"a", {Bytes(one), Bytes(two)}}, {"empty", {}}}).ok());
  const ZipFile zip = *ZipFile::Open(path);
  ASSERT_EQ(zip.members().size(), 2u);
  EXPECT_EQ(zip.members()[1].name, "empty");
  EXPECT_EQ(Text(*zip.Read(zip.members()[0])), "hello world");
  EXPECT_EQ(Text(*zip.Read(zip.members()[1])), "");
}

TEST(ZipTest, ReadsDeflatedMembers) {
  // Made by Python's zipfile: "a.txt", 1,000 letters "x", deflated.
  const std::string path = testing::TempDir() + "/p.zip";
  Spill(path,
        absl::HexStringToBytes(
            "504b030414000000080000002100e6c9413b0b000000e803000005000000612e"
            "747874aba81805a360140c770000504b0102140314000000080000002100e6c9"
            "413b0b000000e8030000050000000000000000000000800100000000612e7478"
            "74504b05060000000001000100330000002e0000000000"));
  const ZipFile zip = *ZipFile::Open(path);
  ASSERT_EQ(zip.members().size(), 1u);
  EXPECT_EQ(zip.members()[0].method, 8);
  EXPECT_EQ(Text(*zip.Read(zip.members()[0])), std::string(1000, 'x'));
  ZipMember hostile = zip.members()[0];
  hostile.size = uint64_t{1} << 40;
  EXPECT_FALSE(zip.Read(hostile).ok());
  hostile.size = 999;
  EXPECT_FALSE(zip.Read(hostile).ok());
}

TEST(ZipTest, DamageAndTruncationAreErrors) {
  const std::string path = testing::TempDir() + "/d.zip";
  const std::string body = "some bytes that have a checksum";
  ASSERT_TRUE(WriteZip(path, {{"a", {Bytes(body)}}}).ok());
  const std::string whole = Slurp(path);
  for (size_t n = 0; n < whole.size(); ++n) {
    Spill(path, whole.substr(0, n));
    EXPECT_FALSE(ReadAll(path).ok()) << n;
  }
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
    Spill(path, damaged);
    // Names, dates and versions may differ; what may not is a crash, or other
    // contents under the checksum.
    const absl::StatusOr<ZipFile> zip = ZipFile::Open(path);
    if (!zip.ok() || zip->members().empty()) continue;
    const absl::StatusOr<FileBytes> bytes = zip->Read(zip->members()[0]);
    if (bytes.ok()) EXPECT_EQ(Text(*bytes), body) << i;
  }
  EXPECT_TRUE(absl::StartsWith(ReadAll(path + "x").message(), path));
}

}  // namespace
}  // namespace hone::datasets
