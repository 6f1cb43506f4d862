#include "datasets/idx/idx.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "datasets/array/array.h"

namespace hone::datasets {
namespace {

absl::StatusOr<Array> Read(const std::string& bytes) {
  const std::string path = testing::TempDir() + "/x.idx";
  std::ofstream(path, std::ios::binary) << bytes;
  return ReadIdx(path);
}

TEST(IdxTest, ReadsBytesAndBigEndianNumbers) {
  const Array bytes = *Read(std::string("\0\0\x08\x02\0\0\0\1\0\0\0\3abc", 15));
  EXPECT_EQ(bytes.shape, std::vector<int64_t>({1, 3}));
  EXPECT_EQ(bytes.Values<uint8_t>()[2], 'c');
  const Array words = *Read(std::string("\0\0\x0c\x01\0\0\0\1\0\0\1\2", 12));
  EXPECT_EQ(words.Values<int32_t>()[0], 258);
}

TEST(IdxTest, RefusesHostileFiles) {
  const std::vector<std::string> bad = {
      "",
      "abc",
      std::string("\1\0\x08\x01\0\0\0\0", 8),
      std::string("\0\0\x07\x01\0\0\0\0", 8),
      std::string("\0\0\x08\x00", 4),
      std::string("\0\0\x08\xff", 4),
      std::string("\0\0\x08\x01\0\0\0\5abc", 11),
      std::string("\0\0\x08\x01\0\0\0\2abc", 11),
      std::string(
          "\0\0\x0e\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16),
      std::string("\x1f\x8b\x08\0garbage", 11)};
  for (const std::string& bytes : bad) {
    const absl::StatusOr<Array> array = Read(bytes);
    ASSERT_FALSE(array.ok());
    EXPECT_TRUE(absl::StrContains(array.status().message(), "x.idx"));
  }
  EXPECT_EQ(ReadIdx("/no/such/file").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(IdxTest, ReadsFashionMnist) {
  const std::string folder = "/usr/share/datasets/fashion-mnist/";
  const absl::StatusOr<Array> labels =
      ReadIdx(folder + "t10k-labels-idx1-ubyte.gz");
  if (absl::IsNotFound(labels.status())) {
    GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  }
  ASSERT_TRUE(labels.ok()) << labels.status();
  EXPECT_EQ(labels->shape, std::vector<int64_t>({10000}));
  EXPECT_EQ(labels->Values<uint8_t>()[0], 9);
  EXPECT_EQ(ReadIdx(folder + "t10k-images-idx3-ubyte.gz")->shape,
            std::vector<int64_t>({10000, 28, 28}));
}

}  // namespace
}  // namespace hone::datasets
