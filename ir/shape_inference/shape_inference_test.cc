#include "ir/shape_inference/shape_inference.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/text/parse_model.h"
#include "ir/type/type.h"

namespace hone {
namespace {

Model Parsed(absl::string_view text) {
  absl::StatusOr<Model> model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *std::move(model) : Model();
}

InferredTypes Inferred(absl::string_view text,
                       const InferOptions& options = {}) {
  absl::StatusOr<InferredTypes> types = InferShapes(Parsed(text), options);
  EXPECT_TRUE(types.ok()) << types.status();
  return types.ok() ? *std::move(types) : InferredTypes();
}

std::string TypeOf(absl::string_view text, absl::string_view value = "y") {
  return Inferred(text).TypeOf(value).ToString();
}

std::string ErrorOf(absl::string_view text) {
  const absl::StatusOr<InferredTypes> types = InferShapes(Parsed(text), {});
  return types.ok() ? std::string("ok") : std::string(types.status().message());
}

TEST(InferShapesTest, ABatchSymbolFlowsThroughAClassifier) {
  const InferredTypes types = Inferred(R"(
    g (float32[N, 3, 32, 32] x) => (? y) {
      w1 = constant float32[8, 3, 3, 3] fill(0)
      w2 = constant float32[8, 1, 3, 3] fill(0)
      s = constant float32[8] fill(1)
      w3 = constant float32[10, 8] fill(0)
      c = Conv<strides = [2, 2], pads = [1, 1, 1, 1]>(x, w1)
      b = BatchNormalization(c, s, s, s, s)
      r = HardSwish(b)
      d = Conv<group = 8, auto_pad = "SAME_UPPER">(r, w2)
      p = MaxPool<kernel_shape = [2, 2], strides = [2, 2]>(d)
      a = Add(p, p)
      m = GlobalAveragePool(a)
      f = Flatten(m)
      g = Gemm<transB = 1>(f, w3)
      y = Softmax(g)
    })");
  EXPECT_EQ(types.TypeOf("c").ToString(), "float32[N, 8, 16, 16]");
  EXPECT_EQ(types.TypeOf("d").ToString(), "float32[N, 8, 16, 16]");
  EXPECT_EQ(types.TypeOf("p").ToString(), "float32[N, 8, 8, 8]");
  EXPECT_EQ(types.TypeOf("f").ToString(), "float32[N, 8]");
  EXPECT_EQ(types.TypeOf("y").ToString(), "float32[N, 10]");
  EXPECT_EQ(types.TypeOf("no such value").ToString(), "?");
}

TEST(InferShapesTest, InputTypesReplaceSymbols) {
  const char* const text = R"(
    g (float32[N, 3, H, 8] x) => (float32[N, H] y, float32[1, 4] z) {
      declare float32[N, H] u
      u = custom.Op(x)
      y = Identity(u)
      z = custom.Op(u)
    })";
  InferOptions options;
  options.input_types["x"] = *ParseType("float32[2, 3, 5, 8]");
  InferredTypes types = Inferred(text, options);
  EXPECT_EQ(types.TypeOf("u").ToString(), "float32[2, 5]");
  EXPECT_EQ(types.TypeOf("y").ToString(), "float32[2, 5]");
  EXPECT_EQ(types.TypeOf("z").ToString(), "float32[1, 4]");
  // A declared number that does not hold: nothing declared does.
  options.input_types["x"] = *ParseType("float32[2, 4, 5, 8]");
  types = Inferred(text, options);
  EXPECT_EQ(types.TypeOf("z").ToString(), "float32[?, ?]");
}

TEST(InferShapesTest, FollowsExtentsThroughTensors) {
  // What exporters write for x.view(x.size(0), -1).
  EXPECT_EQ(TypeOf(R"(g (float32[N, 3, 4] x) => (? y) {
      zero = constant int64[] {0}
      axes = constant int64[1] {0}
      rest = constant int64[1] {-1}
      s = Shape(x)
      n = Gather(s, zero)
      u = Unsqueeze(n, axes)
      t = Concat<axis = 0>(u, rest)
      y = Reshape(x, t)
    })"),
            "float32[N, 12]");
  // Twice the extents of x, by integers and by float32.
  for (const char* doubled : {"t = Mul(s, two)",
                              "f = Cast<to = 1>(s) g = Mul(f, twof) "
                              "h = Floor(g) t = Cast<to = 7>(h)"}) {
    EXPECT_EQ(TypeOf(absl::StrCat(R"(g (float32[1, 2, 5, 7] x) => (? y) {
      two = constant int64[2] {2, 2}
      twof = constant float32[2] {2, 2}
      b = constant int64[1] {2}
      e = constant int64[1] {4}
      all = Shape(x)
      s = Slice(all, b, e)
      first, s2 = Split<axis = 0>(all)
      )",
                                  doubled, R"(
      sizes = Concat<axis = 0>(first, t)
      y = Resize<mode = "nearest">(x, "", "", sizes)
    })")),
              "float32[1, 2, 10, 14]");
  }
  // Expand's usual form: where(equal(shape, -1), ones, shape).
  EXPECT_EQ(TypeOf(R"(g (float32[N, 1] x, float32[N, 5] z) => (? y) {
      minus = constant int64[1] {-1}
      s = Shape(z)
      e = Equal(s, minus)
      ones = ConstantOfShape<value = int64[1] {1}>(two)
      two = constant int64[1] {2}
      t = Where(e, ones, s)
      y = Expand(x, t)
    })"),
            "float32[N, 5]");
}

TEST(InferShapesTest, KeepsKnownContents) {
  const InferredTypes types = Inferred(R"(g (float32[2, 3] x) => (? y) {
      s = Shape(x)
      n = ReduceProd<keepdims = 0>(s)
      start = constant int64[] {0}
      step = constant int64[] {2}
      y = Range(start, n, step)
    })");
  EXPECT_EQ(types.TypeOf("y").ToString(), "int64[3]");
  ASSERT_TRUE(types.contents.contains("y"));
  EXPECT_EQ(types.contents.at("y").Values<int64_t>()[2], 4);
  EXPECT_FALSE(types.contents.contains("x"));
}

TEST(InferShapesTest, Operators) {
  const auto of = [](absl::string_view inputs, absl::string_view body) {
    return TypeOf(absl::StrCat("g (", inputs, ") => (? y) {", body, "}"));
  };
  EXPECT_EQ(of("float32[A, 1, 3] a, float32[B, 1] b", "y = Add(a, b)"),
            "float32[A, B, 3]");
  EXPECT_EQ(of("float32[A, 3] a, float32[B, 1] b", "y = Less(a, b)"),
            "bool[?, 3]");
  EXPECT_EQ(of("float32[A, 2, 3] a, float32[3] b", "y = MatMul(a, b)"),
            "float32[A, 2]");
  EXPECT_EQ(of("float32[2, 1, 4, 3] a, float32[5, 3, 7] b", "y = MatMul(a, b)"),
            "float32[2, 5, 4, 7]");
  EXPECT_EQ(
      of("float32[N, 4] a, float32[2, 4] b", "y = Concat<axis = 0>(a, b)"),
      "float32[?, 4]");
  EXPECT_EQ(
      of("float32[3, 4] a, float32[2, N] b", "y = Concat<axis = -2>(a, b)"),
      "float32[5, 4]");
  EXPECT_EQ(of("float32[N, 6, 5] a", "y, z = Split<axis = 1>(a)"),
            "float32[N, 3, 5]");
  EXPECT_EQ(of("float32[N, 6, 5] a", "y = Transpose<perm = [2, 0, 1]>(a)"),
            "float32[5, N, 6]");
  EXPECT_EQ(of("float32[N, 6, 5] a", "y = ReduceMean<axes = [-1]>(a)"),
            "float32[N, 6, 1]");
  EXPECT_EQ(of("float32[N, 6, 5] a",
               "y = ReduceMean<axes = [1, 2], keepdims = 0>(a)"),
            "float32[N]");
  EXPECT_EQ(of("float32[30, 8] a, int64[N, 7] i", "y = Gather(a, i)"),
            "float32[N, 7, 8]");
  EXPECT_EQ(of("float32[N, 4, 5, 6] a",
               "p = constant int64[8] "
               "{0, 0, 1, 1, 0, 0, 2, -3} y = Pad(a, p)"),
            "float32[N, 4, 8, 4]");
  EXPECT_EQ(of("float32[N, 10] a",
               "b = constant int64[1] {-1} e = constant int64[1] "
               "{-9223372036854775807} x = constant int64[1] {1} "
               "y = Slice(a, b, e, x, b)"),
            "float32[N, 10]");
  EXPECT_EQ(of("float32[N, 8, 4, 4] a, float32[8, 2, 3, 3] w",
               "y = ConvTranspose<strides = [2, 2], pads = [1, 1, 1, 1], "
               "output_padding = [1, 1], group = 2>(a, w)"),
            "float32[N, 4, 8, 8]");
  EXPECT_EQ(of("float32[N, 3, H, W] a, float32[8, 3, 3, 3] w",
               "y = Conv<pads = [1, 1, 0, 1]>(a, w)"),
            "float32[N, 8, ?, W]");
  EXPECT_EQ(of("float32[2, 3, 7, 7] a",
               "y = AveragePool<kernel_shape = [2, 2], strides = [2, 2], "
               "ceil_mode = 1>(a)"),
            "float32[2, 3, 4, 4]");
  EXPECT_EQ(of("float32[b, i, j] a, float32[b, j, 4] c",
               "y = Einsum<equation = \"bij, bjk -> bik\">(a, c)"),
            "float32[b, i, 4]");
  EXPECT_EQ(of("float32[2, 3, 4] a, float32[4] s",
               "z = constant int8[4] {0, 0, 0, 0} "
               "y = QuantizeLinear<axis = 2>(a, s, z)"),
            "int8[2, 3, 4]");
  EXPECT_EQ(of("int8[2, 3] a",
               "s = constant float16[] {1} "
               "y = DequantizeLinear(a, s)"),
            "float16[2, 3]");
  EXPECT_EQ(of("float32[T, N, 3] x, float32[2, 16, 3] w, float32[2, 16, 4] r",
               "y = LSTM<hidden_size = 4, direction = \"bidirectional\">"
               "(x, w, r)"),
            "float32[T, 2, N, 4]");
  EXPECT_EQ(of("float32[N, 5] a",
               "k = constant int64[1] {2} "
               "v, y = TopK(a, k)"),
            "int64[N, 2]");
}

TEST(InferShapesTest, Subgraphs) {
  EXPECT_EQ(TypeOf(R"(g (bool[] c, float32[N, 2] x) => (? y) {
      y = If<then_branch = graph () => (? t) { t = Relu(x) },
             else_branch = graph () => (? e) { e = Concat<axis = 1>(x, x) }>(c)
    })"),
            "float32[N, ?]");
  EXPECT_EQ(TypeOf(R"(g (float32[N, 2] x) => (? y) {
      c = constant bool[] {false}
      y = If<then_branch = graph () => (? t) { t = Relu(x) },
             else_branch = graph () => (? e) { e = Concat<axis = 1>(x, x) }>(c)
    })"),
            "float32[N, 4]");
  EXPECT_EQ(TypeOf(R"(g (int64[] n, bool[] c, float32[3] x) => (? y) {
      last, y = Loop<body = graph (int64[] i, bool[] k, float32[3] v) =>
                                  (bool[] k2, float32[3] v2, ? s) {
        k2 = Identity(k)
        v2 = Neg(v)
        s = Cast<to = 7>(i)
      }>(n, c, x)
    })"),
            "int64[?]");
}

TEST(InferShapesTest, InnerValuesHideOuterOnes) {
  // The body's s is its input, not the constant of the same name outside.
  EXPECT_EQ(
      TypeOf(R"(g (int64[] n, bool[] c, int64[2] x, float32[6] z) => (? y) {
      s = constant int64[2] {2, 3}
      outer = Reshape(z, s)
      last, y = Loop<body = graph (int64[] i, bool[] k, int64[2] s) =>
                                  (bool[] k2, int64[2] s2, ? r) {
        k2 = Identity(k)
        s2 = Neg(s)
        r = Reshape(z, s)
      }>(n, c, x)
    })"),
      "float32[?, ?, ?]");
}

TEST(InferShapesTest, ErrorsNameNodeExpectedAndFound) {
  EXPECT_EQ(ErrorOf(R"(g (float32[1, 4, 8, 8] x) => (? y) {
      w = constant float32[8, 3, 3, 3] fill(0)
      [c1] y = Conv(x, w)
    })"),
            "node c1: input channels: expected 3 * group 1, found 4");
  EXPECT_TRUE(absl::StrContains(
      ErrorOf("g (float32[2] a, float32[3] b) => (? y) { y = Add(a, b) }"),
      "node Add -> y: inputs do not broadcast"));
  EXPECT_TRUE(
      absl::StrContains(ErrorOf("g (float32[2] a) => (? y) { y = Add(a) }"),
                        "Add: number of inputs: expected 2, found 1"));
  EXPECT_TRUE(absl::StrContains(
      ErrorOf("g (float32[6] a) => (? y) { s = constant int64[2] {4, -1} "
              "y = Reshape(a, s) }"),
      "element count"));
  EXPECT_TRUE(absl::StrContains(
      ErrorOf("g (float32[6] a) => (? y) { y = Transpose<perm = [1]>(a) }"),
      "a permutation of 1 axes"));
  EXPECT_TRUE(absl::StrContains(
      ErrorOf("g (float32[6] a) => (? y) { y = Softmax<axis = 1.5>(a) }") +
          ErrorOf("g (float32[6] a) => (? y) { y = Flatten<axis = 2>(a) }"),
      "axis out of range"));
}

TEST(InferShapesTest, HostileExtentsDoNotOverflow) {
  const std::string huge = "4611686018427387904";  // 2^62
  EXPECT_EQ(TypeOf(absl::StrCat("g (float32[", huge, ", ", huge,
                                "] a) => (? y) { y = Flatten<axis = 0>(a) }")),
            "float32[1, ?]");
  EXPECT_EQ(TypeOf(absl::StrCat("g (float32[", huge,
                                "] a) => (? y) { r = constant int64[1] {", huge,
                                "} y = Tile(a, r) }")),
            "float32[?]");
  EXPECT_EQ(
      TypeOf(absl::StrCat("g (float32[", huge, "] a, float32[", huge,
                          "] b) => (? y) { y = Concat<axis = 0>(a, b) }")),
      "float32[?]");
  EXPECT_TRUE(absl::StrContains(
      ErrorOf(
          absl::StrCat("g (float32[1, 1, ", huge,
                       "] a) => (? y) { y = "
                       "MaxPool<kernel_shape = [9223372036854775807]>(a)}")),
      "kernel extent"));
  EXPECT_TRUE(absl::StrContains(
      ErrorOf("g (float32[1, 1, 9223372036854775807] a, float32[1, 1, 2] w) "
              "=> (? y) { y = ConvTranspose<strides = [2]>(a, w) }"),
      "out of range"));
  EXPECT_EQ(TypeOf(absl::StrCat("g (float32[", huge,
                                "] a) => (? y) { s = Shape(a) p = Add(s, s) "
                                "y = ConstantOfShape(p) }")),
            "float32[?]");
}

TEST(InferShapesTest, UnknownOperatorsAreUnknown) {
  EXPECT_EQ(TypeOf("g (float32[2] a) => (? y) { y = Frobnicate(a) }"), "?");
  EXPECT_EQ(TypeOf("g (float32[2] a) => (float32[2] y) { y = custom.Op(a) }"),
            "float32[2]");
  // A function of the model hides an operator.
  EXPECT_EQ(TypeOf("g (float32[2] a) => (? y) { y = Relu(a) } "
                   "function Relu (x) => (y) { y = Neg(x) }"),
            "?");
}

}  // namespace
}  // namespace hone
