#include "algorithms/inspect/inspect.h"

#include "gtest/gtest.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

TEST(InspectTest, KnownCounts) {
  const auto model = ParseModel(R"(
net (float32[N, 3, 8, 8] x) => (float32[N, 10] y) {
  w = constant float32[4, 3, 3, 3] random(1)
  gamma = constant float32[4] fill(1)
  beta = constant float32[4] fill(0)
  mean = constant float32[4] fill(0)
  var = constant float32[4] fill(1)
  shape = constant int64[2] {-1, 256}
  head = constant float32[256, 10] random(2)
  [conv] a = Conv<pads = [1, 1, 1, 1]>(x, w)
  [bn] b = BatchNormalization(a, gamma, beta, mean, var)
  [relu] c = Relu(b)
  [flat] d = Reshape(c, shape)
  [fc] y = MatMul(d, head)
})");
  ASSERT_TRUE(model.ok()) << model.status();
  const auto summary = Inspect(*model);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->nodes, 5);
  EXPECT_EQ(summary->operators.at("Conv"), 1);
  EXPECT_EQ(summary->parameters, 4 * 27 + 16 + 2560);
  EXPECT_EQ(summary->weight_bytes, 4 * (4 * 27 + 16 + 2560) + 16);
  EXPECT_EQ(summary->dtypes.at("int64"), 16);
  ASSERT_TRUE(summary->macs.has_value());
  ASSERT_EQ(summary->node_macs.size(), 5u);
  EXPECT_EQ(summary->node_macs[0], 64 * 4 * 27);
  EXPECT_EQ(summary->node_macs[4], 2560);
  ASSERT_EQ(summary->inputs.size(), 1u);
  bool folds = false, quantizes = false;
  for (const ReportRow& row : summary->verbs) {
    if (row.done == "fold") folds = row.numbers[0].second == 1;
    if (row.done == "quantize") quantizes = row.numbers[0].second >= 1;
  }
  EXPECT_TRUE(folds);
  EXPECT_TRUE(quantizes);
}

TEST(InspectTest, AContradictionIsAnError) {
  const auto model = ParseModel(R"(
net (float32[1, 3, 8, 8] x) => (float32[1, 4, 8, 8] y) {
  w = constant float32[4, 5, 3, 3] random(1)
  y = Conv(x, w)
})");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(Inspect(*model).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
