#include "kernels/exec/operators/operator_table.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

const OperatorRow* Find(const std::vector<OperatorRow>& rows,
                        const std::string& domain, const std::string& op) {
  for (const OperatorRow& row : rows) {
    if (row.domain == domain && row.op_type == op) return &row;
  }
  return nullptr;
}

TEST(OperatorTable, IsCommitted) {
  std::ifstream file("kernels/exec/OPERATORS.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), OperatorTable())
      << "run: bazel run //kernels/exec/operators:print_operators > "
         "kernels/exec/OPERATORS.md";
}

TEST(OperatorTable, SaysWhatIsKnownOfSome) {
  const std::vector<OperatorRow> rows = OperatorRows();
  const OperatorRow* const conv = Find(rows, "ai.onnx", "Conv");
  ASSERT_NE(conv, nullptr);
  EXPECT_EQ(conv->computed, "kernel");
  EXPECT_EQ(conv->quantized, "integers");
  const OperatorRow* const relu = Find(rows, "ai.onnx", "Relu");
  ASSERT_NE(relu, nullptr);
  EXPECT_EQ(relu->quantized, "integers");
  EXPECT_EQ(relu->types.substr(0, 6), "floats");
  const OperatorRow* const det = Find(rows, "ai.onnx", "Det");
  ASSERT_NE(det, nullptr);
  EXPECT_EQ(det->computed, "definition");
  EXPECT_EQ(det->quantized, "");
  const OperatorRow* const add = Find(rows, "com.microsoft", "QLinearAdd");
  ASSERT_NE(add, nullptr);
  EXPECT_EQ(add->computed, "expanded: DequantizeLinear, Add, QuantizeLinear");
  EXPECT_EQ(Find(rows, "ai.onnx", "Reshape")->computed, "renamed");
  EXPECT_EQ(Find(rows, "ai.onnx", "Loop")->computed, "subgraph");
  EXPECT_EQ(Find(rows, "hone.internal", "FusedConv"), nullptr);
}

}  // namespace
}  // namespace hone
