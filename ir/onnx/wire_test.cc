#include "ir/onnx/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/onnx/fields.h"

namespace hone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The first field of a message, which must be malformed.
std::string ErrorOf(absl::string_view message) {
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
  }
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(reader.status().message());
}

TEST(WireReaderTest, ReadsEveryWireType) {
  // Varint field 1 = 300, bytes field 2 = "hi", fixed32 field 3, fixed64 field
  // 4, as protobuf's documentation lays them out.
  const std::string message(
      "\x08\xac\x02\x12\x02hi\x1d\x01\x00\x00\x00\x21\x02\x00\x00\x00\x00\x00"
      "\x00\x00",
      21);
  WireReader reader(message);
  WireField field;
  ASSERT_TRUE(reader.Next(&field));
  EXPECT_EQ(field.key, fields::Varint(1));
  EXPECT_EQ(field.value, 300u);
  EXPECT_EQ(field.whole, message.substr(0, 3));
  ASSERT_TRUE(reader.Next(&field));
  EXPECT_EQ(field.key, fields::Bytes(2));
  EXPECT_EQ(field.bytes, "hi");
  ASSERT_TRUE(reader.Next(&field));
  EXPECT_EQ(field.key, fields::Fixed32(3));
  EXPECT_EQ(field.value, 1u);
  ASSERT_TRUE(reader.Next(&field));
  EXPECT_EQ(field.key, fields::Fixed64(4));
  EXPECT_EQ(field.value, 2u);
  EXPECT_FALSE(reader.Next(&field));
  EXPECT_TRUE(reader.status().ok());
}

TEST(WireReaderTest, RefusesLengthsPastTheEnd) {
  EXPECT_THAT(ErrorOf("\x12\x05hi"),
              HasSubstr("claims 5 bytes where 2 are left"));
  // 2^64 - 1, and 2^32 + 2, which must not be taken for 2.
  EXPECT_THAT(ErrorOf("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01hi"),
              HasSubstr("18446744073709551615"));
  EXPECT_THAT(ErrorOf("\x12\x82\x80\x80\x80\x10hi"), HasSubstr("4294967298"));
}

TEST(WireReaderTest, RefusesWhatProtobufDoesNotAllow) {
  EXPECT_THAT(ErrorOf(absl::string_view("\x00\x01", 2)),
              HasSubstr("field number"));
  EXPECT_THAT(ErrorOf("\x0b"), HasSubstr("wire type 3"));  // a group
  EXPECT_THAT(ErrorOf("\x08\xff"), HasSubstr("end of buffer"));
  EXPECT_THAT(ErrorOf("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
              HasSubstr("too long"));
  EXPECT_THAT(ErrorOf("\x0d\x01\x02"), HasSubstr("32-bit"));
  EXPECT_THAT(ErrorOf("\x09\x01\x02"), HasSubstr("64-bit"));
}

TEST(PackedTest, CountsAndReads) {
  const absl::string_view packed("\x01\xac\x02\x00", 4);
  EXPECT_EQ(CountPackedVarints(packed), 3u);
  std::vector<uint64_t> values;
  const auto visit = [&values](uint64_t v) { values.push_back(v); };
  EXPECT_TRUE(ForEachPackedVarint(packed, visit).ok());
  EXPECT_THAT(values, ElementsAre(1, 300, 0));
  EXPECT_FALSE(ForEachPackedVarint("\x01\xac", visit).ok());
}

TEST(WireWriterTest, WritesWhatTheReaderReads) {
  WireWriter inner;
  inner.Bytes(fields::Bytes(2), "x");
  WireWriter out;
  out.Varint(fields::Varint(1), UINT64_MAX);
  out.Message(fields::Bytes(3), inner);
  out.Fixed32(fields::Fixed32(4), 7);
  EXPECT_EQ(out.ToString(),
            std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                        "\x1a\x03\x12\x01x\x25\x07\x00\x00\x00",
                        21));
  EXPECT_EQ(out.size(), 21u);
}

TEST(WireWriterTest, BorrowsLargeBytesAtAnyDepth) {
  const std::vector<std::byte> large(10000, std::byte{7});
  WireWriter inner;
  inner.Borrowed(fields::Bytes(1), large);
  WireWriter middle;
  middle.Bytes(fields::Bytes(2), "before");
  middle.Message(fields::Bytes(3), inner);
  middle.Bytes(fields::Bytes(4), "after");
  WireWriter out;
  out.Message(fields::Bytes(5), middle);

  bool borrowed = false;
  std::string text;
  ASSERT_TRUE(out.ForEachPiece([&](absl::string_view piece) {
                   borrowed |= piece.data() ==
                               reinterpret_cast<const char*>(large.data());
                   text += std::string(piece);
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_TRUE(borrowed);
  EXPECT_EQ(text.size(), out.size());
  EXPECT_EQ(text, out.ToString());
  WireReader reader(text);
  WireField field;
  ASSERT_TRUE(reader.Next(&field));
  WireReader middle_reader(field.bytes);
  ASSERT_TRUE(middle_reader.Next(&field));
  EXPECT_EQ(field.bytes, "before");
  ASSERT_TRUE(middle_reader.Next(&field));
  EXPECT_EQ(field.bytes.size(), 10003u);
  ASSERT_TRUE(middle_reader.Next(&field));
  EXPECT_EQ(field.bytes, "after");
}

TEST(WireWriterTest, StopsAtTheFirstError) {
  const std::vector<std::byte> large(10000);
  WireWriter out;
  out.Borrowed(fields::Bytes(1), large);
  int pieces = 0;
  const absl::Status status = out.ForEachPiece([&](absl::string_view) {
    ++pieces;
    return absl::DataLossError("no");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(pieces, 1);
}

}  // namespace
}  // namespace hone
