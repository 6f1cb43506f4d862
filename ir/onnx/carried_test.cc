#include "ir/onnx/carried.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ir/onnx/fields.h"
#include "ir/onnx/wire.h"

namespace hone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr uint32_t kOpsets = fields::model::kOpsetImport;

std::string Opset(absl::string_view domain, uint64_t version) {
  WireWriter out;
  out.Bytes(fields::opset::kDomain, domain);
  out.Varint(fields::opset::kVersion, version);
  return out.ToString();
}

// The domains as written, in order.
std::vector<std::string> Written(const std::map<std::string, int64_t>& map,
                                 std::string raw) {
  WireWriter out;
  WriteMap(kOpsets, map, &raw, &out);
  std::string text = out.ToString();
  std::vector<std::string> domains;
  for (std::string& entry : TakeFields(kOpsets, &text)) {
    domains.push_back(TakeField(fields::opset::kDomain, &entry));
  }
  return domains;
}

TEST(MapReaderTest, KeepsOrderAndSpelling) {
  std::map<std::string, int64_t> opsets;
  std::string raw;
  MapReader<int64_t> reader;
  ASSERT_TRUE(reader.Add(Opset("com.microsoft", 1), &opsets).ok());
  ASSERT_TRUE(reader.Add(Opset("ai.onnx", 17), &opsets).ok());
  reader.Finish(kOpsets, &raw);
  EXPECT_THAT(opsets, ElementsAre(Pair("", 17), Pair("com.microsoft", 1)));
  EXPECT_THAT(Written(opsets, raw), ElementsAre("com.microsoft", "ai.onnx"));
}

TEST(MapReaderTest, EditsWinOverNotes) {
  std::map<std::string, int64_t> opsets;
  std::string raw;
  MapReader<int64_t> reader;
  ASSERT_TRUE(reader.Add(Opset("z", 1), &opsets).ok());
  ASSERT_TRUE(reader.Add(Opset("a", 1), &opsets).ok());
  reader.Finish(kOpsets, &raw);
  opsets.erase("z");
  opsets["b"] = 2;
  EXPECT_THAT(Written(opsets, raw), ElementsAre("a", "b"));
}

TEST(MapReaderTest, CanonicalMapsLeaveNoNotes) {
  std::map<std::string, int64_t> opsets;
  std::string raw;
  MapReader<int64_t> reader;
  ASSERT_TRUE(reader.Add(Opset("a", 1), &opsets).ok());
  ASSERT_TRUE(reader.Add(Opset("b", 1), &opsets).ok());
  reader.Finish(kOpsets, &raw);
  EXPECT_THAT(raw, IsEmpty());
}

TEST(MapReaderTest, OneDomainHasOneVersion) {
  std::map<std::string, int64_t> opsets;
  MapReader<int64_t> reader;
  ASSERT_TRUE(reader.Add(Opset("", 13), &opsets).ok());
  EXPECT_TRUE(reader.Add(Opset("ai.onnx", 13), &opsets).ok());
  const absl::Status status = reader.Add(Opset("ai.onnx", 17), &opsets);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("expected version 13, found version 17"));
}

TEST(TakeFieldsTest, TakesOnlyThatKey) {
  WireWriter out;
  out.Bytes(fields::Bytes(1), "a");
  out.Varint(fields::Varint(2), 5);
  out.Bytes(fields::Bytes(1), "b");
  std::string raw = out.ToString();
  EXPECT_THAT(TakeFields(fields::Bytes(1), &raw), ElementsAre("a", "b"));
  EXPECT_EQ(raw, std::string("\x10\x05"));
}

}  // namespace
}  // namespace hone
