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
  const std::pair<ValueKind, Value> cases[] = {
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
}

}  // namespace
}  // namespace hone
