#include "datasets/npy/npy.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "datasets/array/array.h"
#include "datasets/file/file.h"

namespace hone::datasets {
namespace {

std::string File(const std::string& header, const std::string& data) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header + data;
}

std::string Header(const std::string& descr, const std::string& order,
                   const std::string& shape) {
  return absl::StrCat("{'descr': '", descr, "', 'fortran_order': ", order,
                      ", 'shape': ", shape, ", }\n");
}

absl::StatusOr<Array> Parse(const std::string& bytes) {
  FileBytes file;
  file.bytes = absl::MakeConstSpan(
      reinterpret_cast<const std::byte*>(bytes.data()), bytes.size());
  return ParseNpy(file, "x.npy");
}

TEST(NpyTest, RoundTripsEveryKindOfArray) {
  const std::string path = testing::TempDir() + "/a.npy";
  const std::vector<Array> arrays = {
      FromValues<float>({2, 2}, {1, -2, 0.5f, 3}), FromValues<int64_t>({}, {7}),
      FromValues<uint8_t>({3}, {1, 2, 3}), FromValues<double>({0, 4}, {})};
  for (const Array& array : arrays) {
    ASSERT_TRUE(WriteNpy(path, array).ok());
    const absl::StatusOr<Array> back = ReadNpy(path);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->dtype, array.dtype);
    EXPECT_EQ(back->shape, array.shape);
    EXPECT_EQ(back->bytes, array.bytes);
  }
  Array text;
  text.dtype = "string";
  text.shape = {2};
  text.strings = {"a", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"};
  ASSERT_TRUE(WriteNpy(path, text).ok());
  EXPECT_EQ(ReadNpy(path)->strings, text.strings);
}

TEST(NpyTest, HeaderIsAligned) {
  const std::string header = *NpyHeader(FromValues<float>({1}, {1}));
  EXPECT_EQ(header.size() % 64, 0u);
  EXPECT_TRUE(absl::StrContains(header, "'shape': (1,)"));
}

TEST(NpyTest, ReadsFortranOrder) {
  // [[1, 2, 3], [4, 5, 6]] column by column.
  const Array a = *Parse(
      File(Header("|u1", "True", "(2, 3)"), std::string("\1\4\2\5\3\6", 6)));
  const absl::Span<const uint8_t> values = a.Values<uint8_t>();
  EXPECT_EQ(std::vector<int>(values.begin(), values.end()),
            std::vector<int>({1, 2, 3, 4, 5, 6}));
}

TEST(NpyTest, ReadsBigEndian) {
  const Array a =
      *Parse(File(Header(">i4", "False", "(1,)"), std::string("\0\0\1\2", 4)));
  EXPECT_EQ(a.Values<int32_t>()[0], 258);
}

TEST(NpyTest, RefusesHostileFiles) {
  const std::string data(16, '\0');
  const std::vector<std::string> bad = {
      "",
      "PK\3\4whatever",
      std::string("\x93NUMPY\x09\x00\x02\x00{}", 12),
      std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{}", 14),
      std::string("\x93NUMPY\x02\x00", 8) + std::string("\1\0", 2),
      File("{'descr': '<f4'}", data),
      File("not a dict", data),
      File(Header("|O", "False", "(1,)"), data),
      File(Header("<M8[ns]", "False", "(1,)"), data),
      File(Header("", "False", "(1,)"), data),
      File(Header("<f4", "Maybe", "(1,)"), data),
      File(Header("<f4", "False", "(-1,)"), data),
      File(Header("<f4", "False", "(5,)"), data),
      File(Header("<f4", "False", "(4611686018427387904, 4)"), data),
      File(Header("<f4", "False", "(99999999999999999999,)"), data),
      File(Header("<U99999999999", "False", "(1,)"), data),
      File(Header("<U1073741823", "False", "(4294967296,)"), data),
      File(Header("|S0", "False", "(4611686018427387904,)"), data),
      File(Header("<f4", "False", "(1, 2"), data),
      File("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
           data)};
  for (const std::string& bytes : bad) {
    const absl::StatusOr<Array> array = Parse(bytes);
    ASSERT_FALSE(array.ok()) << bytes;
    EXPECT_TRUE(absl::StartsWith(array.status().message(), "x.npy: "))
        << array.status();
  }
}

TEST(NpyTest, EveryTruncationIsAnError) {
  const std::string whole =
      File(Header("<f4", "False", "(2, 2)"), std::string(16, '\1'));
  ASSERT_TRUE(Parse(whole).ok());
  for (size_t n = 0; n < whole.size(); ++n) {
    EXPECT_FALSE(Parse(whole.substr(0, n)).ok()) << n;
  }
}

}  // namespace
}  // namespace hone::datasets
