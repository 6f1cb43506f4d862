#include "ir/ops/op_info.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/text/parse_model.h"
#include "ir/type/type.h"

namespace hone {
namespace {

TEST(FindOpTest, GivesTheRowInForce) {
  EXPECT_EQ(FindOp("", "Clip", 10)->max_inputs, 1);
  EXPECT_EQ(FindOp("", "Clip", 11)->max_inputs, 3);
  EXPECT_EQ(FindOp("", "Clip", 28)->since, 11);
  EXPECT_EQ(FindOp("", "Gelu", 19), nullptr);
  ASSERT_NE(FindOp("", "Gelu", 20), nullptr);
  EXPECT_EQ(FindOp("other", "Conv", 17), nullptr);
  EXPECT_EQ(FindOp("", "NoSuchOperator", 17), nullptr);
  EXPECT_EQ(FindOp("com.microsoft", "FusedConv", 1)->max_inputs, 4);
  EXPECT_EQ(FindOp("", "Concat", 17)->max_inputs, kVariadic);
}

TEST(FindOpTest, RowsOfAnOperatorDiffer) {
  for (const OpInfo* op : AllOps()) {
    EXPECT_EQ(FindOp(op->domain, op->op_type, op->since), op)
        << op->op_type << " " << op->since;
    for (size_t i = 1; i < op->attributes.size(); ++i)
      EXPECT_LT(op->attributes[i - 1].name, op->attributes[i].name);
  }
}

TEST(NearestOpTest, FindsMisspellings) {
  EXPECT_EQ(NearestOp("", "Convv"), "Conv");
  EXPECT_EQ(NearestOp("", "BatchNormalisation"), "BatchNormalization");
  EXPECT_EQ(NearestOp("", "Frobnicate"), "");
  EXPECT_EQ(NearestOp("other", "Conv"), "");
}

TEST(CheckArityTest, CountsInputsAndOutputs) {
  Node node;
  node.op_type = "Add";
  node.name = "n";
  node.inputs = {"a"};
  node.outputs = {"y"};
  const OpInfo* add = FindOp("", "Add", 17);
  EXPECT_EQ(CheckArity(*add, node).message(),
            "node n: Add: number of inputs: expected 2, found 1");
  node.inputs.push_back("b");
  EXPECT_TRUE(CheckArity(*add, node).ok());
  node.outputs.clear();
  EXPECT_FALSE(CheckArity(*add, node).ok());
}

TEST(TraitsTest, AnswersAlgorithms) {
  const auto traits = [](absl::string_view op) {
    return FindOp("", op, 17)->traits;
  };
  EXPECT_EQ(traits("Conv").weight_input, 1);
  EXPECT_EQ(traits("Conv").bias_input, 2);
  EXPECT_EQ(traits("Conv").weight_channel_axis, 0);
  EXPECT_EQ(traits("ConvTranspose").weight_channel_axis, 1);
  EXPECT_EQ(traits("MatMul").bias_input, -1);
  EXPECT_TRUE(traits("Reshape").quantization_agnostic);
  EXPECT_TRUE(traits("MaxPool").quantization_agnostic);
  EXPECT_FALSE(traits("Relu").quantization_agnostic);
  EXPECT_TRUE(traits("Add").quantizable_inputs);
  EXPECT_FALSE(traits("Sigmoid").quantizable_inputs);
  EXPECT_TRUE(traits("Concat").unified_scales);
  EXPECT_TRUE(traits("Relu").elementwise);
}

// The multiply-accumulates of the node "y = ..." with inputs of these types.
std::optional<int64_t> Macs(absl::string_view text) {
  const absl::StatusOr<Model> model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  const Node& node = model->graph.nodes[0];
  const OpInfo* op = FindOp(node.domain, node.op_type, 17);
  InferInput in;
  in.node = &node;
  in.opset = 17;
  in.contents.resize(node.inputs.size());
  in.partial.resize(node.inputs.size());
  for (const ValueInfo& input : model->graph.inputs)
    in.inputs.push_back(input.type);
  InferOutput out;
  out.types.resize(node.outputs.size());
  EXPECT_TRUE(op->infer(in, &out).ok());
  return op->macs(in, out.types);
}

TEST(MacsTest, KnownAnswers) {
  // 16 * 8 * 8 outputs, each 3 * 3 * 4 products.
  EXPECT_EQ(Macs("g (float32[1, 8, 8, 8] x, float32[16, 4, 3, 3] w) => (? y) { "
                 "y = Conv<group = 2, pads = [1, 1, 1, 1]>(x, w) }"),
            16 * 8 * 8 * 36);
  EXPECT_EQ(Macs("g (float32[1, 8, 5, 5] x, float32[8, 4, 2, 2] w) => (? y) { "
                 "y = ConvTranspose(x, w) }"),
            8 * 25 * 16);
  EXPECT_EQ(Macs("g (float32[7, 2, 3] x, float32[3, 5] w) => (? y) { "
                 "y = MatMul(x, w) }"),
            7 * 2 * 3 * 5);
  EXPECT_EQ(Macs("g (float32[3, 2] x, float32[5, 3] w) => (? y) { "
                 "y = Gemm<transA = 1, transB = 1>(x, w) }"),
            2 * 3 * 5);
  EXPECT_EQ(Macs("g (float32[6, 2, 3] x, float32[1, 16, 3] w, "
                 "float32[1, 16, 4] r) => (? y) { y = LSTM(x, w, r) }"),
            6 * 2 * (16 * 3 + 16 * 4));
  EXPECT_EQ(Macs("g (float32[2, 3, 4] x, float32[2, 4, 5] z) => (? y) { "
                 "y = Einsum<equation = \"bij,bjk->bik\">(x, z) }"),
            2 * 3 * 4 * 5);
  EXPECT_EQ(Macs("g (float32[N, 2, 3] x, float32[3, 5] w) => (? y) { "
                 "y = MatMul(x, w) }"),
            std::nullopt);
  // 2^64 multiply-accumulates.
  EXPECT_EQ(Macs("g (float32[4294967296, 2] x, float32[2, 4294967296] w) => "
                 "(? y) { y = MatMul(x, w) }"),
            std::nullopt);
}

}  // namespace
}  // namespace hone
