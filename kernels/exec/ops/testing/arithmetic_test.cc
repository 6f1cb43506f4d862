#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string At(int opset, const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": " + std::to_string(opset) +
         "]>\n" + body;
}

TEST(Binary, BroadcastsBothWays) {
  ExpectOutputs(At(14, R"(net () => (float32[2, 3] y, float32[2, 2, 3] z) {
    a = constant float32[2, 1] {10, 20}
    b = constant float32[3] {1, 2, 3}
    y = Sub(a, b)
    c = constant float32[2, 1, 1] {1, 2}
    z = Mul(y, c)
  })"),
                {"float32[2, 3] {9, 8, 7, 19, 18, 17}",
                 "float32[2, 2, 3] {9, 8, 7, 19, 18, 17, 18, 16, 14, 38, 36, "
                 "34}"});
}

TEST(Binary, IntegersNeitherTrapNorOverflow) {
  ExpectOutputs(At(14, R"(net () => (int32[3] q, int32[3] r, int8[2] s) {
    a = constant int32[3] {7, -2147483648, -7}
    b = constant int32[3] {0, -1, 2}
    q = Div(a, b)
    r = Mod(a, b)
    c = constant int8[2] {127, -128}
    d = constant int8[2] {1, -1}
    s = Add(c, d)
  })"),
                {"int32[3] {0, -2147483648, -3}", "int32[3] {0, 0, 1}",
                 "int8[2] {-128, 127}"});
}

TEST(Pow, ExponentOfAnotherType) {
  ExpectOutputs(At(15, R"(net () => (float32[3] y, int32[3] z) {
    a = constant float32[3] {-2, 3, 0.5}
    b = constant int64[3] {3, 2, -1}
    y = Pow(a, b)
    c = constant int32[3] {2, 3, -1}
    d = constant float32[3] {5, 2, 3}
    z = Pow(c, d)
  })"),
                {"float32[3] {-8, 9, 2}", "int32[3] {32, 9, -1}"}, 1e-6);
}

TEST(Variadic, OneTwoAndThreeInputs) {
  ExpectOutputs(
      At(13, R"(net () => (float32[2, 2] m, float32[2] s, int64[2] n) {
    a = constant float32[2, 1] {3, 6}
    b = constant float32[2] {0, 3}
    c = constant float32[] {9}
    m = Mean(a, b, c)
    s = Sum(b)
    i = constant int64[2] {4, -4}
    j = constant int64[] {0}
    n = Min(i, j)
  })"),
      {"float32[2, 2] {4, 5, 5, 6}", "float32[2] {0, 3}", "int64[2] {0, -4}"});
}

TEST(Where, OfIntegers) {
  ExpectOutputs(At(16, R"(net () => (int16[2, 2] y) {
    c = constant bool[2, 1] {1, 0}
    a = constant int16[2] {1, 2}
    b = constant int16[] {7}
    y = Where(c, a, b)
  })"),
                {"int16[2, 2] {1, 2, 7, 7}"});
}

TEST(Clip, LimitsOfEveryKind) {
  ExpectOutputs(At(13, R"(net () => (int8[3] y, float32[3] z) {
    x = constant int8[3] {-5, 0, 5}
    low = constant int8[] {-1}
    high = constant int8[] {2}
    y = Clip(x, low, high)
    f = constant float32[3] {-5, 0.5, 5}
    top = constant float32[] {1}
    z = Clip(f, , top)
  })"),
                {"int8[3] {-1, 0, 2}", "float32[3] {-5, 0.5, 1}"});
}

TEST(Reduce, IntegersAndBooleans) {
  ExpectOutputs(At(20, R"(net () => (int32[2] m, bool[1] b, uint8[2, 1] x) {
    a = constant int32[2, 3] {1, 2, 6, -4, -4, -4}
    axes = constant int64[1] {1}
    m = ReduceMean<keepdims = 0>(a, axes)
    c = constant bool[1, 3] {0, 1, 0}
    b = ReduceMax<keepdims = 0>(c, axes)
    u = constant uint8[2, 2] {200, 3, 7, 255}
    x = ReduceMin(u, axes)
  })"),
                {"int32[2] {3, -4}", "bool[1] {1}", "uint8[2, 1] {3, 7}"});
}

TEST(Norm, BatchOfPlanesAndOfRows) {
  const char* const model = R"(net () => (float32[SHAPE] y) {
    x = constant float32[SHAPE] {1, 2, 3, 4}
    scale = constant float32[2] {2, 1}
    bias = constant float32[2] {0, 10}
    mean = constant float32[2] {1, 4}
    var = constant float32[2] {4, 1}
    y = BatchNormalization<epsilon = 0.0>(x, scale, bias, mean, var)
  })";
  const auto of = [&](const std::string& shape) {
    std::string text = At(15, model);
    for (size_t at; (at = text.find("SHAPE")) != std::string::npos;) {
      text.replace(at, 5, shape);
    }
    return text;
  };
  ExpectOutputs(of("1, 2, 2"), {"float32[1, 2, 2] {0, 1, 9, 10}"});
  ExpectOutputs(of("2, 2"), {"float32[2, 2] {0, 8, 2, 10}"});
}

TEST(Binary, SaysWhatIsWrong) {
  ExpectFailure(At(13, R"(net () => (float32[2] y) {
    a = constant float32[2] {1, 2}
    b = constant float32[3] {1, 2, 3}
    [add1] y = Add(a, b)
  })"),
                "add1");
}

}  // namespace
}  // namespace hone
