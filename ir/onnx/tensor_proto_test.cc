#include "ir/onnx/tensor_proto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/wire.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

namespace keys = fields::tensor;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

WireWriter Header(DType dtype, const std::vector<int64_t>& dims) {
  WireWriter out;
  for (const int64_t dim : dims) {
    out.Varint(keys::kDims, static_cast<uint64_t>(dim));
  }
  out.Varint(keys::kDataType, static_cast<uint64_t>(dtype));
  out.Bytes(keys::kName, "w");
  return out;
}

absl::StatusOr<Initializer> Read(absl::string_view message) {
  ReadContext context{nullptr, ExternalDataReader("")};
  return ReadTensorProto(message, &context);
}

std::string ErrorOf(const WireWriter& message) {
  const auto tensor = Read(message.ToString());
  EXPECT_FALSE(tensor.ok());
  EXPECT_THAT(std::string(tensor.status().message()), HasSubstr("node w: "));
  return std::string(tensor.status().message());
}

std::vector<int> BytesOf(const Tensor& tensor) {
  std::vector<int> bytes;
  for (const std::byte b : tensor.bytes()) bytes.push_back(static_cast<int>(b));
  return bytes;
}

TEST(TensorProtoTest, RawDataIsAView) {
  WireWriter out = Header(DType::kF32, {2});
  out.Bytes(keys::kRawData, "12345678");
  const std::string message = out.ToString();
  const auto read = Read(message);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name, "w");
  const auto* data = reinterpret_cast<const char*>(read->tensor.bytes().data());
  EXPECT_EQ(data, message.data() + message.find("12345678"));
}

TEST(TensorProtoTest, PackedFloatsAreAViewAndSingleOnesACopy) {
  const float values[2] = {1.5f, -2.0f};
  std::string packed(8, '\0');
  std::memcpy(&packed[0], values, 8);
  WireWriter out = Header(DType::kF32, {2});
  out.Bytes(keys::kFloatDataPacked, packed);
  const std::string message = out.ToString();
  const auto view = Read(message);
  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_EQ(reinterpret_cast<const char*>(view->tensor.bytes().data()),
            message.data() + message.find(packed));

  WireWriter single = Header(DType::kF32, {2});
  for (const float value : values) {
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    single.Fixed32(keys::kFloatData, bits);
  }
  const auto copy = Read(single.ToString());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_THAT(copy->tensor.Values<float>(), ElementsAre(1.5f, -2.0f));
}

TEST(TensorProtoTest, DecodesInt32DataByElementType) {
  const auto decode = [](DType dtype, int64_t count,
                         const std::vector<int64_t>& values) {
    WireWriter out = Header(dtype, {count});
    for (const int64_t value : values) {
      out.Varint(keys::kInt32Data, static_cast<uint64_t>(value));
    }
    const auto read = Read(out.ToString());
    EXPECT_TRUE(read.ok()) << read.status();
    return BytesOf(read->tensor);
  };
  EXPECT_THAT(decode(DType::kS8, 2, {-1, 5}), ElementsAre(255, 5));
  EXPECT_THAT(decode(DType::kU16, 1, {0x1234}), ElementsAre(0x34, 0x12));
  EXPECT_THAT(decode(DType::kF16, 1, {0x3c00}), ElementsAre(0, 0x3c));
  EXPECT_THAT(decode(DType::kBF16, 1, {0x3f80}), ElementsAre(0x80, 0x3f));
  EXPECT_THAT(decode(DType::kF8E4M3FN, 1, {0x38}), ElementsAre(0x38));
  EXPECT_THAT(decode(DType::kBool, 3, {0, 1, 7}), ElementsAre(0, 1, 1));
  EXPECT_THAT(decode(DType::kS32, 1, {-2}), ElementsAre(254, 255, 255, 255));
  // Two 4-bit or four 2-bit elements in each number.
  EXPECT_THAT(decode(DType::kU4, 3, {0x21, 0x03}), ElementsAre(0x21, 0x03));
  EXPECT_THAT(decode(DType::kU2, 5, {0x1b, 0x02}), ElementsAre(0x1b, 0x02));
}

TEST(TensorProtoTest, SixBitElementsOfInt32DataArePacked) {
  const auto message = [](const std::vector<int64_t>& codes) {
    WireWriter out = Header(DType::kF6E2M3, {5});
    for (const int64_t code : codes) {
      out.Varint(keys::kInt32Data, static_cast<uint64_t>(code));
    }
    return out;
  };
  const auto read = Read(message({0x3f, 0x01, 0x2a, 0x15, 0x33}).ToString());
  ASSERT_TRUE(read.ok()) << read.status();
  // 24 bits, the first element in the lowest six; then 0x33 alone.
  EXPECT_THAT(BytesOf(read->tensor), ElementsAre(0x7f, 0xa0, 0x56, 0x33));
  EXPECT_THAT(ErrorOf(message({0, 1, 2, 64, 3})),
              HasSubstr("expected 0 to 63, found 64"));
  EXPECT_THAT(ErrorOf(message({0, 1, 2, -1, 3})),
              HasSubstr("expected 0 to 63, found -1"));
  EXPECT_THAT(ErrorOf(message({0, 1, 2, 3})),
              HasSubstr("expected 5 values in int32_data, found 4"));
}

TEST(TensorProtoTest, BooleansOfAFileAreNormalised) {
  WireWriter out = Header(DType::kBool, {3});
  out.Bytes(keys::kRawData, absl::string_view("\x00\x02\xff", 3));
  const auto read = Read(out.ToString());
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(BytesOf(read->tensor), ElementsAre(0, 1, 1));
}

TEST(TensorProtoTest, RefusesHostileExtents) {
  EXPECT_THAT(
      ErrorOf(Header(DType::kF32, {int64_t{1} << 40})),
      HasSubstr("expected 1099511627776 values in float_data, found 0"));
  EXPECT_THAT(
      ErrorOf(Header(DType::kF32, {int64_t{1} << 40, int64_t{1} << 40})),
      AllOf(HasSubstr("extents too large"), HasSubstr("1099511627776")));
  EXPECT_THAT(ErrorOf(Header(DType::kF64, {int64_t{1} << 60})),
              HasSubstr("extents too large"));
  WireWriter out;
  out.Bytes(keys::kName, "w");
  out.Varint(keys::kDims, static_cast<uint64_t>(int64_t{-3}));
  EXPECT_THAT(ErrorOf(out), HasSubstr("expected >= 0, found -3"));
  WireWriter many;
  many.Bytes(keys::kName, "w");
  for (int i = 0; i < 65; ++i) many.Varint(keys::kDims, 1);
  EXPECT_THAT(ErrorOf(many), HasSubstr("too many extents"));
}

TEST(TensorProtoTest, RefusesDataOfTheWrongSizeOrInTheWrongPlace) {
  WireWriter out = Header(DType::kF32, {2});
  out.Bytes(keys::kRawData, "1234567");
  EXPECT_THAT(ErrorOf(out), HasSubstr("expected 8 bytes, found 7"));
  out = Header(DType::kF32, {2});
  out.Bytes(keys::kRawData, "12345678");
  out.Varint(keys::kInt32Data, 1);
  EXPECT_THAT(ErrorOf(out), HasSubstr("expected raw_data, found 1 values in "
                                      "int32_data"));
  out = Header(DType::kS64, {1});
  out.Varint(keys::kInt32Data, 1);
  EXPECT_THAT(ErrorOf(out), HasSubstr("expected int64_data"));
  out = Header(DType::kString, {3});
  out.Bytes(keys::kStringData, "one");
  EXPECT_THAT(ErrorOf(out), HasSubstr("expected 3 strings, found 1"));
  // The last number of the packed field is cut off.
  out = Header(DType::kS32, {2});
  out.Bytes(keys::kInt32DataPacked, "\x01\x80");
  EXPECT_THAT(ErrorOf(out), HasSubstr("expected 2 values"));
}

TEST(TensorProtoTest, RefusesUnknownTypesAndSegments) {
  EXPECT_THAT(ErrorOf(Header(static_cast<DType>(99), {})),
              HasSubstr("unknown element type: expected 1 to 28, found 99"));
  WireWriter out = Header(DType::kF32, {});
  out.Bytes(keys::kSegment, "");
  EXPECT_THAT(ErrorOf(out), HasSubstr("segments"));
}

TEST(TensorProtoTest, WritesWhatItReads) {
  const Tensor tensors[] = {
      Tensor::FromVector<float>({2, 2}, {1, 2, 3, 4}),
      Tensor::FromStrings({2}, {"", std::string("a\0b", 3)}),
      Tensor::FromVector<int64_t>({0, 3}, {}), Tensor::Scalar<bool>(true)};
  for (const Tensor& tensor : tensors) {
    Initializer record;
    record.name = "t";
    record.tensor = tensor;
    WireWriter out;
    WriteTensorProto(record, nullptr, &out);
    const std::string message = out.ToString();
    const auto read = Read(message);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(BitwiseEqual(read->tensor, tensor));
  }
}

}  // namespace
}  // namespace hone
