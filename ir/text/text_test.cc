#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/text/parse_model.h"
#include "ir/text/print_model.h"

namespace hone {
namespace {

Model Parsed(absl::string_view text) {
  absl::StatusOr<Model> model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *std::move(model) : Model();
}

TEST(TextTest, ReadsAConvolution) {
  const Model model = Parsed(R"(
    graph (float32[N, 3, 8, 8] x) => (float32[N, 4, 8, 8] y) {
      w = constant float32[4, 3, 3, 3] random(1)
      b = constant float32[4] {0, 1.5, -2, 3e-1}   # a comment
      [conv1] t = Conv<pads = [1, 1, 1, 1], auto_pad = "NOTSET">(x, w, b);
      y = Relu(t)
    })");
  EXPECT_EQ(model.Opset(), 17);
  ASSERT_EQ(model.graph.nodes.size(), 2u);
  const Node& conv = model.graph.nodes[0];
  EXPECT_EQ(conv.name, "conv1");
  EXPECT_EQ(conv.op_type, "Conv");
  EXPECT_EQ(conv.IntsAttribute("pads"), std::vector<int64_t>({1, 1, 1, 1}));
  EXPECT_EQ(conv.StringAttribute("auto_pad", ""), "NOTSET");
  EXPECT_EQ(model.graph.inputs[0].type.ToString(), "float32[N, 3, 8, 8]");
  const Tensor* b = &model.graph.FindInitializer("b")->tensor;
  EXPECT_FLOAT_EQ(b->Values<float>()[3], 0.3f);
  const Tensor* w = &model.graph.FindInitializer("w")->tensor;
  float low = 2, high = -2;
  for (float v : w->Values<float>()) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  EXPECT_GE(low, -1);
  EXPECT_LT(high, 1);
  EXPECT_GT(high - low, 1.5);
}

TEST(TextTest, PrintsWhatItReads) {
  const std::string text =
      R"(<ir_version: 9, opset_import: ["": 21, "com.microsoft": 1], producer_name: "t", metadata: ["a": "b\n"]>
"a graph" (float32[N, ?, 3] x, float32[...] "odd name", sequence(int64[]) s, optional(float32[2]) o, map(int64, float32[...]) m, sequence(map(string, float64[])) d, ? u) => (float32[] y) {
  declare float16[2] t
  w = constant int4[3] {-8, 7, 0}
  e = constant float32[0] {}
  c = constant string[2] {"a\"", ""}
  h = constant float16[2] {0.1, inf}
  a, "" = com.microsoft.Gelu<f = 1.0, i = -3, fs = [0.5, 2.0], none: ints = [], s = "x", t = int64[2] {1, 2}>(x, "", w)
  [if] y = If<then_branch = graph body () => (float32[] z) {
    z = Identity(x)
  }, else_branch = graph () => (float32[] z) {
    z = Neg(x)
  }>("odd name")
}
function local.f<k, axis: int = 1> (a, b) => (c) opset_import: ["": 17] {
  c = Concat<axis: int = @axis>(a, b)
}
)";
  // "axis: int" is only needed for references and empty lists.
  std::string printed = PrintModel(Parsed(text));
  EXPECT_TRUE(absl::StrContains(printed, "none: ints = []")) << printed;
  EXPECT_EQ(PrintModel(Parsed(printed)), printed);
  std::string expected = text;
  expected.replace(expected.find("axis: int = 1"), 13, "axis = 1");
  expected.replace(expected.find("{0.1, inf}"), 10, "{0.0999755859, inf}");
  EXPECT_EQ(printed, expected);
}

TEST(TextTest, FloatsSurvive) {
  for (const char* value :
       {"0.1", "16777217", "1e-40", "3.4028234663852886e38", "-0.333333343"}) {
    const std::string text = absl::StrCat("float32[1] {", value, "}");
    const Tensor tensor = *ParseTensor(text);
    EXPECT_TRUE(BitwiseEqual(tensor, *ParseTensor(PrintTensor(tensor))))
        << value;
  }
}

TEST(TextTest, RandomIsTheSameEverywhere) {
  const Tensor a = *ParseTensor("float32[3] random(1)");
  EXPECT_TRUE(BitwiseEqual(a, *ParseTensor("float32[3] random(1)")));
  EXPECT_FALSE(BitwiseEqual(a, *ParseTensor("float32[3] random(2)")));
  const Tensor bytes = *ParseTensor("uint8[1000] random(5, 3, 4)");
  int threes = 0;
  for (uint8_t v : bytes.Values<uint8_t>()) {
    EXPECT_TRUE(v == 3 || v == 4);
    threes += v == 3 ? 1 : 0;
  }
  EXPECT_GT(threes, 400);
  EXPECT_LT(threes, 600);
}

TEST(TextTest, ErrorsSayWhere) {
  const auto message = [](absl::string_view text) {
    const absl::StatusOr<Model> model = ParseModel(text);
    return model.ok() ? std::string("ok")
                      : std::string(model.status().message());
  };
  EXPECT_EQ(message("g () => () {\n  y = Relu(x\n}"),
            "line 3, column 1: expected ,, found '}'");
  EXPECT_EQ(message("g (float33[] x) => () {}"),
            "line 1, column 4: expected an element type, found 'float33'");
  EXPECT_TRUE(absl::StrContains(
      message("g () => () { w = constant int4[1] {9} }"), "fits int4"));
  EXPECT_TRUE(absl::StrContains(
      message("g () => () { w = constant float32[2] {1} }"), "expected ,"));
  EXPECT_TRUE(absl::StrContains(
      message("g () => () { w = constant float32[99999999999999] fill(1) }"),
      "sane"));
  EXPECT_TRUE(absl::StrContains(message("g () => () { y = Op<a = []>(x) }"),
                                "empty list"));
  EXPECT_TRUE(absl::StrContains(message("\"open"), "not closed"));
  EXPECT_TRUE(absl::StrContains(message(""), "the graph's name"));
}

}  // namespace
}  // namespace hone
