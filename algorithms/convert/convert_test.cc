#include "algorithms/convert/convert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "algorithms/convert/convert_tensor.h"
#include "algorithms/convert/large_values.h"
#include "algorithms/convert/low_float_ops.h"
#include "algorithms/equivalence/equivalence.h"
#include "gtest/gtest.h"
#include "ir/elements/elements.h"
#include "ir/graph/validate.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Parse(const std::string& text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

ConvertResult Converted(const Model& model,
                        const ConvertOptions& options = {}) {
  const auto result = ConvertFloats(model, options);
  EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(Validate(result->model).ok()) << Validate(result->model);
  return *result;
}

using Strings = std::vector<std::string>;

Strings Ops(const Model& model) {
  Strings ops;
  for (const Node& node : model.graph.nodes) ops.push_back(node.op_type);
  return ops;
}

void ExpectNear(const Model& before, const Model& after, double tolerance) {
  EquivalenceOptions options;
  options.any_float = true;
  const auto found = CheckEquivalence(before, after, nullptr, options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->samples, 3u) << found->not_checked;
  EXPECT_TRUE(found->SameStructure());
  EXPECT_LE(found->MaxRelativeError(), tolerance);
  EXPECT_GT(found->outputs[0].greatest, 0);
}

constexpr char kNet[] = R"(
net (float32[N, 3, 8, 8] x, float32[N, 4, 1, 1] g) => (float32[N, 4, 16, 16] y) {
  w = constant float32[4, 3, 3, 3] random(1)
  scales = constant float32[4] {1, 1, 2, 2}
  [conv] c = Conv<pads = [1, 1, 1, 1]>(x, w)
  [mul] m = Mul(c, g)
  [up] u = Resize<mode = "nearest">(m, , scales)
  [relu] y = Relu(u)
})";

TEST(ConvertTest, KnownAnswer) {
  const Model before = Parse(kNet);
  const ConvertResult result = Converted(before);
  // Resize stays float32 between two Casts; x, g and y stay what they were.
  EXPECT_EQ(Ops(result.model), (Strings{"Cast", "Conv", "Cast", "Mul", "Cast",
                                        "Resize", "Cast", "Relu", "Cast"}));
  EXPECT_EQ(result.model.graph.inputs[0].type.dtype, DType::kF32);
  EXPECT_EQ(result.model.graph.outputs[0].name, "y");
  EXPECT_EQ(result.model.graph.nodes.back().outputs[0], "y");
  ASSERT_EQ(result.rows.size(), 4u);
  EXPECT_EQ(result.rows[0].done, "float16");
  EXPECT_EQ(result.rows[2].done, "float");
  EXPECT_TRUE(absl::StrContains(result.rows[2].why, "Resize"));
  ExpectNear(before, result.model, 2e-3);
}

TEST(ConvertTest, InputsAndOutputsToo) {
  ConvertOptions options;
  options.keep_io_types = false;
  options.float_ops.clear();
  const ConvertResult result = Converted(Parse(kNet), options);
  EXPECT_EQ(Ops(result.model), (Strings{"Conv", "Mul", "Resize", "Relu"}));
  EXPECT_EQ(result.model.graph.inputs[0].type.dtype, DType::kF16);
  EXPECT_EQ(result.model.graph.outputs[0].type.dtype, DType::kF16);
  // Resize's scales are float32 by its definition.
  EXPECT_EQ(result.model.graph.FindInitializer("scales")->tensor.dtype(),
            DType::kF32);
}

TEST(ConvertTest, Bfloat16NeedsNewerOpsets) {
  ConvertOptions options;
  options.dtype = DType::kBF16;
  const Model before = Parse(kNet);
  const ConvertResult result = Converted(before, options);
  EXPECT_EQ(result.rows[0].done, "float");
  EXPECT_TRUE(absl::StrContains(result.rows[0].why, "opset 22"));
  EXPECT_EQ(result.rows[1].done, "bfloat16");
  ExpectNear(before, result.model, 2e-2);
}

TEST(ConvertTest, IgnoredNodesStay) {
  ConvertOptions options;
  options.ignored_scope.names = {"conv"};
  options.ignored_scope.types = {"Mul"};
  const ConvertResult result = Converted(Parse(kNet), options);
  EXPECT_EQ(result.rows[0].done, "float");
  EXPECT_TRUE(absl::StrContains(result.rows[0].why, "ignored scope"));
  EXPECT_EQ(result.rows[1].done, "float");
  options.ignored_scope.names = {"no such node"};
  EXPECT_FALSE(ConvertFloats(Parse(kNet), options).ok());
  options.dtype = DType::kF64;
  EXPECT_FALSE(ConvertFloats(Parse(kNet), options).ok());
}

TEST(ConvertTest, NumbersBeyondTheRange) {
  const Model before = Parse(R"(
net (float32[3] x) => (float32[3] y) {
  k = constant float32[3] {1e6, 2, 1e-12}
  [add] y = Add(x, k)
})");
  ConvertResult result = Converted(before);
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(result.rows[1].done, "clamped");
  EXPECT_EQ(result.rows[1].node, "k");
  ConvertOptions options;
  options.float_on_overflow = true;
  result = Converted(before, options);
  EXPECT_EQ(Ops(result.model), (Strings{"Add"}));
  EXPECT_EQ(result.rows[0].done, "float");
}

TEST(ConvertTest, ActivationsBeyondTheRange) {
  const Model before = Parse(R"(
net (float32[N, 4] x) => (float32[N, 4] y) {
  k = constant float32[] {60000}
  two = constant float32[] {2}
  a = Mul(x, two)
  b = Mul(a, k)
  c = Mul(b, b)
  d = Sqrt(c)
  e = Div(d, k)
  y = Neg(e)
})");
  const auto large = FindLargeValues(before, 65504, nullptr, 3, 0, {});
  ASSERT_TRUE(large.ok()) << large.status();
  EXPECT_EQ(*large, (absl::flat_hash_set<std::string>{"b", "c", "d"}));
  ConvertOptions options;
  options.large_values = *large;
  const ConvertResult result = Converted(before, options);
  EXPECT_EQ(result.rows[0].done, "float16");
  for (int i = 1; i < 5; ++i) EXPECT_EQ(result.rows[i].done, "float") << i;
  EXPECT_EQ(result.rows[5].done, "float16");
  ExpectNear(before, result.model, 2e-3);
}

TEST(ConvertTest, ATransposeThatWouldCrashOnnxRuntime) {
  const Model before = Parse(R"(
net (float32[5, N, 4] x) => (float32[N, 5, 3] y) {
  w = constant float32[4, 3] random(1)
  t = Transpose<perm = [1, 0, 2]>(x)
  y = MatMul(t, w)
})");
  const ConvertResult result = Converted(before);
  EXPECT_EQ(result.rows[0].done, "float");
  EXPECT_EQ(result.rows[1].done, "float16");
  EXPECT_EQ(Ops(result.model),
            (Strings{"Transpose", "Cast", "MatMul", "Cast"}));
}

TEST(ConvertTest, TypeAttributesAndConstants) {
  const Model before = Parse(R"(
net (int64[2] n, int64[3] i) => (float32[2, 3] y) {
  k = Constant<value_floats = [1.0, 2.0, 3.0]>()
  c = ConstantOfShape<value = float32[1] {2.5}>(n)
  d = ConstantOfShape(n)
  f = Cast<to = 1>(i)
  e = Add(c, f)
  h = Add(e, d)
  y = Mul(h, k)
})");
  const ConvertResult result = Converted(before);
  EXPECT_EQ(Ops(result.model), (Strings{"ConstantOfShape", "ConstantOfShape",
                                        "Cast", "Add", "Add", "Mul", "Cast"}));
  EXPECT_EQ(result.model.graph.nodes[2].IntAttribute("to", 0), 10);
}

TEST(ConvertTest, SubgraphsAreConvertedInside) {
  const Model before = Parse(R"(
net (float32[2, 2] x, bool[] c) => (float32[2, 2] y) {
  w = constant float32[2, 2] random(1)
  t = MatMul(x, w)
  u = If<then_branch = graph () => (float32[2, 2] a) { a = MatMul(t, w) },
         else_branch = graph () => (float32[2, 2] b) { b = Identity(x) }>(c)
  y = Relu(u)
})");
  const ConvertResult result = Converted(before);
  ExpectNear(before, result.model, 2e-3);
  bool inside = false;
  for (const ReportRow& row : result.rows) {
    inside = inside || (row.node == "MatMul -> a" && row.done == "float16");
  }
  EXPECT_TRUE(inside);
}

TEST(ConvertTest, OutputsThatOthersRead) {
  const Model before = Parse(R"(
net (float32[2, 2] x) => (float32[2, 2] y, float32[2, 2] z, float32[2, 2] v) {
  w = constant float32[2, 2] random(1)
  y = MatMul(x, w)
  t = CumSum(y, axis)
  z = Tanh(t)
  v = Neg(z)
  axis = constant int64[] {0}
})");
  const ConvertResult result = Converted(before);
  ExpectNear(before, result.model, 4e-3);
  EXPECT_EQ(result.model.graph.outputs.size(), 3u);
}

TEST(ConvertTensorTest, KnownNumbers) {
  const float kInf = std::numeric_limits<float>::infinity();
  const Tensor x = Tensor::FromVector<float>(
      {7}, {1, -70000, 65519, 1e-9f, -1e-9f, kInf, 0});
  auto half = ConvertTensor(x, DType::kF16);
  ASSERT_TRUE(half.ok());
  const double expected[] = {
      1, -65504, 65504, std::ldexp(1, -24), -std::ldexp(1, -24), kInf, 0};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(RealElement(half->tensor, i), expected[i]) << i;
  }
  EXPECT_EQ(half->too_large, 2);
  EXPECT_EQ(half->too_small, 2);
  EXPECT_TRUE(Overflows(x, DType::kF16));
  EXPECT_FALSE(Overflows(x, DType::kBF16));
  // The largest float32 is no bfloat16.
  const Tensor most =
      Tensor::FromVector<float>({1}, {std::numeric_limits<float>::max()});
  auto brain = ConvertTensor(most, DType::kBF16);
  ASSERT_TRUE(brain.ok());
  EXPECT_TRUE(std::isfinite(RealElement(brain->tensor, 0)));
}

TEST(LowFloatOpsTest, SortedAndFound) {
  const auto ops = LowFloatOps();
  for (size_t i = 1; i < ops.size(); ++i) {
    EXPECT_LT(ops[i - 1].op_type, ops[i].op_type);
  }
  EXPECT_EQ(FindLowFloatOp("Conv")->bfloat16, 22);
  EXPECT_EQ(FindLowFloatOp("NonMaxSuppression"), nullptr);
  EXPECT_EQ(FindLowFloatOp("Zzz"), nullptr);
}

}  // namespace
}  // namespace hone
