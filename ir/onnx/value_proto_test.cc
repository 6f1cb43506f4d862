#include "ir/onnx/value_proto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/onnx/fields.h"
#include "ir/onnx/test_folder.h"
#include "ir/onnx/wire.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"

namespace hone {
namespace {

using ::testing::HasSubstr;

bool Equal(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is_tensor()) return BitwiseEqual(a.tensor(), b.tensor());
  if (a.kind() == Value::Kind::kNone) return true;
  if (a.kind() == Value::Kind::kMap) {
    return BitwiseEqual(a.map_keys(), b.map_keys()) &&
           Equal(a.map_values(), b.map_values());
  }
  if (a.sequence().size() != b.sequence().size()) return false;
  for (size_t i = 0; i < a.sequence().size(); ++i) {
    if (!Equal(a.sequence()[i], b.sequence()[i])) return false;
  }
  return true;
}

TEST(ValueProtoTest, EveryKindComesBack) {
  const Value one(Tensor::Scalar(1.0f));
  const Value two(Tensor::FromVector<int64_t>({2}, {3, 4}));
  const Value sequence = Value::Sequence({one, two});
  const Value by_number =
      Value::Map(Tensor::FromVector<int64_t>({2}, {-3, 4}),
                 Value(Tensor::FromVector<float>({2}, {0.5f, 0.25f})));
  const Value by_name = Value::Map(Tensor::FromStrings({2}, {"", "b"}),
                                   Value(Tensor::FromStrings({2}, {"x", "y"})));
  const Value of_lists = Value::Map(Tensor::FromVector<int8_t>({1}, {-1}),
                                    Value::Sequence({sequence}));
  const Value of_nothing = Value::Map(
      Tensor::FromVector<uint64_t>({0}, std::initializer_list<uint64_t>{}),
      Value::Sequence({}));
  const std::pair<ValueKind, Value> cases[] = {
      {ValueKind::kMap, by_number},
      {ValueKind::kMap, by_name},
      {ValueKind::kMap, of_lists},
      {ValueKind::kMap, of_nothing},
      {ValueKind::kMap,
       Value::Map(Tensor::FromVector<uint64_t>({1}, {uint64_t{1} << 63}),
                  Value::Sequence({by_name}))},
      {ValueKind::kSequence, Value::Sequence({by_number, by_number})},
      {ValueKind::kSequence, Value::Sequence({by_number, one})},
      {ValueKind::kOptional, by_name},
      {ValueKind::kTensor, two},
      {ValueKind::kSequence, sequence},
      {ValueKind::kSequence, Value::Sequence({})},
      {ValueKind::kSequence, Value::Sequence({sequence, sequence})},
      {ValueKind::kSequence, Value::Sequence({one, Value()})},
      {ValueKind::kOptional, Value()},
      {ValueKind::kOptional, one},
      {ValueKind::kOptional, sequence},
  };
  for (const auto& [kind, value] : cases) {
    const auto bytes = WriteValue({"name", value}, kind);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto read = ReadValue(*bytes, nullptr, kind);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->name, "name");
    EXPECT_TRUE(Equal(read->value, value));
  }
}

TEST(ValueProtoTest, FilesNameThemselvesInErrors) {
  const TestFolder folder;
  const NamedValue value{"x", Value(Tensor::Scalar(1.0f))};
  ASSERT_TRUE(
      WriteValueFile(value, ValueKind::kTensor, folder.Path("x.pb")).ok());
  EXPECT_TRUE(ReadValueFile(folder.Path("x.pb"), ValueKind::kTensor).ok());
  folder.Write("y.pb", "\x08");
  EXPECT_THAT(std::string(ReadValueFile(folder.Path("y.pb"), ValueKind::kTensor)
                              .status()
                              .message()),
              HasSubstr("y.pb: "));
  EXPECT_EQ(
      WriteValueFile(value, ValueKind::kSequence, folder.Path("z.pb")).code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(WriteValueFile(value, ValueKind::kMap, folder.Path("z.pb")).code(),
            absl::StatusCode::kInvalidArgument);
}

// A MapProto of keys 9 and 4 (in that order, packed or not) and scalars.
std::string MapMessage(int64_t key_type, bool packed, int scalars) {
  WireWriter map;
  map.Varint(fields::map::kKeyType, static_cast<uint64_t>(key_type));
  if (packed) {
    map.Bytes(fields::map::kKeysPacked, "\x09\x04");
  } else {
    map.Varint(fields::map::kKeys, 9);
    map.Varint(fields::map::kKeys, 4);
  }
  std::vector<Value> values;
  for (int i = 0; i < scalars; ++i) {
    values.emplace_back(Tensor::Scalar(static_cast<float>(i)));
  }
  map.Bytes(fields::map::kValues,
            *WriteValue({"", Value::Sequence(values)}, ValueKind::kSequence));
  return map.ToString();
}

TEST(ValueProtoTest, MapsComeSorted) {
  for (const bool packed : {false, true}) {
    const auto read =
        ReadValue(MapMessage(6, packed, 2), nullptr, ValueKind::kMap);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(
        Equal(read->value,
              Value::Map(Tensor::FromVector<int32_t>({2}, {4, 9}),
                         Value(Tensor::FromVector<float>({2}, {1.0f, 0.0f})))));
  }
}

TEST(ValueProtoTest, RefusesMalformedMaps) {
  const auto failure = [](const std::string& message) {
    const auto read = ReadValue(message, nullptr, ValueKind::kMap);
    return read.ok() ? "" : std::string(read.status().message());
  };
  EXPECT_THAT(failure(MapMessage(7, false, 3)),
              HasSubstr("values of a map: expected 2 of them, found 3"));
  EXPECT_THAT(failure(MapMessage(7, true, 0)), HasSubstr("found 0"));
  EXPECT_THAT(failure(MapMessage(8, false, 2)),
              HasSubstr("keys of a map: expected string, found integers"));
  EXPECT_THAT(failure(MapMessage(1, false, 2)),
              HasSubstr("key type of a map: expected an integer type or "
                        "string, found float32"));
  EXPECT_THAT(failure(MapMessage(1000, false, 2)), HasSubstr("key type"));
  EXPECT_THAT(failure(""), HasSubstr("key type"));
  WireWriter strings;
  strings.Varint(fields::map::kKeyType, 7);
  strings.Bytes(fields::map::kStringKeys, "a");
  EXPECT_THAT(failure(strings.ToString()), HasSubstr("found strings"));
  WireWriter wide;
  wide.Varint(fields::map::kKeyType, 3);
  wide.Varint(fields::map::kKeys, 300);
  EXPECT_THAT(failure(wide.ToString()),
              HasSubstr("a key of a map: expected int8, found 300"));
  EXPECT_THAT(failure(MapMessage(7, false, 2) + "\x18\x09"),
              HasSubstr("expected 3 of them, found 2"));
  EXPECT_THAT(failure(MapMessage(7, false, 2) + "\x1a\x01\x80"),
              HasSubstr("packed numbers"));
}

TEST(ValueProtoTest, NestingIsLimited) {
  std::string message;
  for (int i = 0; i < 3000; ++i) {
    WireWriter outer;
    outer.Bytes(fields::sequence::kSequences, message);
    message = outer.ToString();
  }
  const auto read = ReadValue(message, nullptr, ValueKind::kSequence);
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("too deeply"));
}

TEST(ValueProtoTest, KindFollowsTheType) {
  const Type tensor = Type::OfTensor(DType::kF32);
  EXPECT_EQ(ValueKindOf(tensor), ValueKind::kTensor);
  EXPECT_EQ(ValueKindOf(Type::SequenceOf(tensor)), ValueKind::kSequence);
  EXPECT_EQ(ValueKindOf(Type::OptionalOf(tensor)), ValueKind::kOptional);
  EXPECT_EQ(ValueKindOf(Type::MapOf(DType::kS64, tensor)), ValueKind::kMap);
}

}  // namespace
}  // namespace hone
