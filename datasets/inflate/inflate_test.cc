#include "datasets/inflate/inflate.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace hone::datasets {
namespace {

std::vector<std::byte> Pattern(size_t size) {
  std::vector<std::byte> bytes(size);
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::byte>((i * i) >> 7);
  }
  return bytes;
}

// `window` as in zlib: 31 for gzip, -15 for raw deflate.
std::vector<std::byte> Compressed(absl::Span<const std::byte> plain,
                                  int window) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, window, 8, 0), Z_OK);
  std::vector<std::byte> out(deflateBound(&stream, plain.size()));
  stream.next_in =
      const_cast<Bytef*>(reinterpret_cast<const Bytef*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string Written(const std::string& name,
                    absl::Span<const std::byte> bytes) {
  const std::string path = JoinPath(testing::TempDir(), name);
  EXPECT_TRUE(WriteFile(path, {bytes}).ok());
  return path;
}

TEST(Inflate, GzipInMemoryAndBeyond) {
  for (const size_t size :
       {size_t{0}, size_t{1}, kInMemory, kInMemory + 1, 2 * kInMemory + 77}) {
    const std::vector<std::byte> plain = Pattern(size);
    const std::string path = Written("plain.gz", Compressed(plain, 31));
    const absl::StatusOr<FileBytes> read = ReadMaybeGzip(path, size);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(read->bytes == absl::MakeConstSpan(plain)) << size;
  }
}

TEST(Inflate, PlainFilesAreMappedAsTheyAre) {
  const std::vector<std::byte> plain = Pattern(1000);
  const auto read = ReadMaybeGzip(Written("plain", plain), 10);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->bytes == absl::MakeConstSpan(plain));
}

TEST(Inflate, MembersFollowOneAnother) {
  const std::vector<std::byte> plain = Pattern(100000);
  std::vector<std::byte> twice = Compressed(plain, 31);
  const size_t one = twice.size();
  twice.resize(2 * one);
  std::copy_n(twice.begin(), one, twice.begin() + one);
  const auto read = ReadMaybeGzip(Written("twice.gz", twice), 200000);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->bytes.size(), 200000);
  EXPECT_TRUE(read->bytes.subspan(100000) == absl::MakeConstSpan(plain));
}

TEST(Inflate, BrokenStreamsAreNamed) {
  const std::vector<std::byte> plain = Pattern(100000);
  std::vector<std::byte> gzip = Compressed(plain, 31);
  EXPECT_THAT(ReadMaybeGzip(Written("big.gz", gzip), 99999).status().message(),
              testing::HasSubstr("too large: expected at most 99999 bytes"));
  const absl::Span<const std::byte> half(gzip.data(), gzip.size() / 2);
  EXPECT_THAT(
      ReadMaybeGzip(Written("half.gz", half), 1 << 20).status().message(),
      testing::HasSubstr("ends too early"));
  for (size_t i = 20; i < 60; ++i) gzip[i] = std::byte{0xff};
  EXPECT_THAT(
      ReadMaybeGzip(Written("bad.gz", gzip), 1 << 20).status().message(),
      testing::HasSubstr("broken"));
}

TEST(Inflate, RawDeflateMustHaveItsSize) {
  const std::vector<std::byte> plain = Pattern(5000);
  const std::vector<std::byte> raw = Compressed(plain, -15);
  const auto read = Inflate(raw, 5000, "x.zip");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->bytes == absl::MakeConstSpan(plain));
  EXPECT_THAT(Inflate(raw, 4999, "x.zip").status().message(),
              testing::HasSubstr("x.zip"));
  EXPECT_THAT(Inflate(raw, 5001, "x.zip").status().message(),
              testing::HasSubstr("expected 5001 bytes, found 5000 bytes"));
  EXPECT_THAT(Inflate(raw, size_t{1} << 40, "x.zip").status().message(),
              testing::HasSubstr("implausible size"));
}

TEST(Inflate, NoPlaceForALargeSetNamesTheFolder) {
  const std::string path =
      Written("large.gz", Compressed(Pattern(kInMemory + 1), 31));
  const char* const before = getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", "/nowhere", 1);
  const absl::Status status = ReadMaybeGzip(path, size_t{1} << 30).status();
  kept.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", kept.c_str(), 1);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), testing::HasSubstr("/nowhere"));
  EXPECT_THAT(status.message(), testing::HasSubstr("TMPDIR"));
}

}  // namespace
}  // namespace hone::datasets
