#include "ir/onnx/write_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/onnx/read_model.h"
#include "ir/onnx/test_folder.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using External = WriteOptions::External;

Tensor Ramp(int64_t size) {
  std::vector<int32_t> values(static_cast<size_t>(size));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i);
  return Tensor::FromVector<int32_t>({size}, values);
}

Model WithWeights() {
  Model model;
  model.opsets[""] = 17;
  model.graph.SetInitializer("large", Ramp(5000));
  model.graph.SetInitializer("small", Ramp(3));
  return model;
}

void ExpectSameWeights(const Model& a, const Model& b) {
  ASSERT_EQ(a.graph.initializers.size(), b.graph.initializers.size());
  for (size_t i = 0; i < a.graph.initializers.size(); ++i) {
    EXPECT_TRUE(BitwiseEqual(a.graph.initializers[i].tensor,
                             b.graph.initializers[i].tensor));
  }
}

TEST(WriteModelTest, TheSameModelGivesTheSameBytes) {
  const auto a = WriteModelToBytes(WithWeights());
  const auto b = WriteModelToBytes(WithWeights());
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(*a, *b);
  EXPECT_EQ(ModelByteSize(WithWeights()), a->size());
}

TEST(WriteModelTest, ReplacesTheFileThatItsWeightsView) {
  const TestFolder folder;
  const std::string path = folder.Path("m.onnx");
  ASSERT_TRUE(WriteModel(WithWeights(), path).ok());
  auto model = ReadModel(path);
  ASSERT_TRUE(model.ok());
  model->graph.initializers[1].tensor = Ramp(40000);
  ASSERT_TRUE(WriteModel(*model, path).ok());
  const auto again = ReadModel(path);
  ASSERT_TRUE(again.ok()) << again.status();
  ExpectSameWeights(*model, *again);
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("m.onnx"));
}

TEST(WriteModelTest, ExternalDataComesBackAndIsReplaced) {
  const TestFolder folder;
  const std::string path = folder.Path("m.onnx");
  WriteOptions options;
  options.external = External::kAlways;
  ASSERT_TRUE(WriteModel(WithWeights(), path, options).ok());
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("m.onnx", "m.onnx.data"));
  EXPECT_EQ(std::filesystem::file_size(folder.Path("m.onnx.data")), 20000u);
  auto model = ReadModel(path);
  ASSERT_TRUE(model.ok()) << model.status();
  ExpectSameWeights(*model, WithWeights());
  // Over the data file that the weights view, in another order.
  std::swap(model->graph.initializers[0], model->graph.initializers[1]);
  options.external_min_bytes = 0;
  ASSERT_TRUE(WriteModel(*model, path, options).ok());
  const auto again = ReadModel(path);
  ASSERT_TRUE(again.ok()) << again.status();
  ExpectSameWeights(*model, *again);
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("m.onnx", "m.onnx.data"));
}

TEST(WriteModelTest, TooLargeAFileGetsExternalData) {
  const TestFolder folder;
  WriteOptions options;
  options.inline_limit = 10000;
  options.external_file = "weights.bin";
  ASSERT_TRUE(WriteModel(WithWeights(), folder.Path("m.onnx"), options).ok());
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("m.onnx", "weights.bin"));
  const auto model = ReadModel(folder.Path("m.onnx"));
  ASSERT_TRUE(model.ok()) << model.status();
  ExpectSameWeights(*model, WithWeights());
}

TEST(WriteModelTest, ProtobufsLimitIsAnErrorWithoutExternalData) {
  const TestFolder folder;
  // 3 GiB that nothing backs: the weights' storage is never touched.
  static const std::byte kNothing[1] = {};
  Model model = WithWeights();
  const int64_t size = int64_t{3} << 30;
  const auto huge = Tensor::View(
      DType::kU8, {size},
      absl::MakeConstSpan(kNothing, static_cast<size_t>(size)), nullptr);
  ASSERT_TRUE(huge.ok());
  model.graph.SetInitializer("huge", *huge);
  EXPECT_GT(ModelByteSize(model), uint64_t{3} << 30);
  EXPECT_FALSE(WriteModelToBytes(model).ok());
  WriteOptions options;
  options.external = External::kNever;
  const absl::Status status = WriteModel(model, folder.Path("m.onnx"), options);
  EXPECT_THAT(std::string(status.message()), HasSubstr("at most 2147483647"));
  EXPECT_TRUE(folder.Names().empty());
}

TEST(WriteModelTest, ErrorsLeaveWhatWasThere) {
  const TestFolder folder;
  folder.Write("m.onnx", "old");
  std::filesystem::create_directory(folder.Path("m.onnx.data"));
  WriteOptions options;
  options.external = External::kAlways;
  EXPECT_FALSE(WriteModel(WithWeights(), folder.Path("m.onnx"), options).ok());
  EXPECT_EQ(folder.Contents("m.onnx"), "old");
  EXPECT_THAT(folder.Names(), UnorderedElementsAre("m.onnx", "m.onnx.data"));
  for (const char* name : {"../data", "a/b", "..", "m.onnx"}) {
    options.external_file = name;
    EXPECT_EQ(WriteModel(WithWeights(), folder.Path("m.onnx"), options).code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
  const absl::Status full = WriteModel(WithWeights(), "/dev/full");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(full.message()), HasSubstr("/dev/full"));
}

}  // namespace
}  // namespace hone
