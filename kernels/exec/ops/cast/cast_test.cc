#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string At(int opset, const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": " + std::to_string(opset) +
         "]>\n" + body;
}

TEST(Cast, FloatsSaturateIntegersWrap) {
  ExpectOutputs(At(13, R"(net () => (int8[4] a, int8[3] b, uint32[2] c) {
    x = constant float32[4] {1.9, -1.9, 1000, -1e30}
    a = Cast<to = 3>(x)
    i = constant int32[3] {127, 128, -129}
    b = Cast<to = 3>(i)
    big = constant float32[2] {-5, 3e38}
    c = Cast<to = 12>(big)
  })"),
                {"int8[4] {1, -1, 127, -128}", "int8[3] {127, -128, 127}",
                 "uint32[2] {0, 4294967295}"});
}

TEST(Cast, BoolAndBack) {
  ExpectOutputs(At(13, R"(net () => (bool[3] a, float16[3] b) {
    x = constant float32[3] {0, 0.25, -3}
    a = Cast<to = 9>(x)
    b = Cast<to = 10>(a)
  })"),
                {"bool[3] {0, 1, 1}", "float16[3] {0, 1, 1}"});
}

TEST(Cast, NarrowIntegersLeaveTheLastBitsZero) {
  ExpectOutputs(At(21, R"(net () => (int4[3] a, float32[3] b) {
    x = constant int8[3] {7, -8, 9}
    a = Cast<to = 22>(x)
    b = Cast<to = 1>(a)
  })"),
                {"int4[3] {7, -8, -7}", "float32[3] {7, -8, -7}"});
}

TEST(Cast, SmallFloatsSaturateUnlessTold) {
  ExpectOutputs(At(19, R"(net () => (float32[2] a, float32[2] b) {
    x = constant float32[2] {1.1, 100000}
    p = Cast<to = 19>(x)
    a = Cast<to = 1>(p)
    q = Cast<to = 19, saturate = 0>(x)
    f = Cast<to = 1>(q)
    limit = constant float32[] {100}
    b = Min(f, limit)
  })"),
                {"float32[2] {1, 57344}", "float32[2] {1, 100}"});
}

TEST(Cast, SixBitFloatsRoundToEvenAndSaturate) {
  ExpectOutputs(At(28, R"(net () => (float32[5] a, float16[5] b) {
    x = constant float32[5] {1, -1.0625, 7.6, -100, 0.0625}
    c = Cast<to = 27>(x)
    a = Cast<to = 1>(c)
    d = Cast<to = 28, saturate = 0>(x)
    b = Cast<to = 10>(d)
  })"),
                {"float32[5] {1, -1, 7.5, -7.5, 0}",
                 "float16[5] {1, -1, 8, -28, 0.0625}"});
}

TEST(Cast, PowersOfTwoRoundAsToldTo) {
  ExpectOutputs(At(26, R"(net () => (uint8[3] a, uint8[3] b, uint8[3] c) {
    x = constant float32[3] {1, 1.25, 1.5}
    up = Cast<to = 24>(x)
    down = Cast<to = 24, round_mode = "down">(x)
    near = Cast<to = 24, round_mode = "nearest">(x)
    a = BitCast<to = 2>(up)
    b = BitCast<to = 2>(down)
    c = BitCast<to = 2>(near)
  })"),
                {"uint8[3] {127, 128, 128}", "uint8[3] {127, 127, 127}",
                 "uint8[3] {127, 127, 128}"});
}

TEST(Cast, StringsToNarrowTypesAndBack) {
  ExpectOutputs(At(28, R"(net () => (int4[3] a, float32[3] b, string[3] c,
                                     string[3] d) {
    s = constant string[3] {"-8", "7", "0"}
    a = Cast<to = 22>(s)
    small = Cast<to = 27>(s)
    b = Cast<to = 1>(small)
    c = Cast<to = 8>(a)
    d = Cast<to = 8>(small)
  })"),
                {"int4[3] {-8, 7, 0}", "float32[3] {-7.5, 7, 0}",
                 "string[3] {\"-8\", \"7\", \"0\"}",
                 "string[3] {\"-7.5\", \"7.0\", \"0.0\"}"});
}

TEST(Cast, RefusesStringsThatAreNoNumberOfTheType) {
  for (const std::string text : {"8", "x", ""}) {
    ExpectFailure(At(21, "net () => (int4[1] y) { s = constant string[1] {\"" +
                             text + "\"}\n y = Cast<to = 22>(s) }"),
                  "int4");
  }
  ExpectFailure(At(28, R"(net () => (float6e3m2[1] y) {
    s = constant string[1] {"many"}
    y = Cast<to = 28>(s)
  })"),
                "float6e3m2");
}

TEST(Cast, RefusesAnUnknownRoundMode) {
  ExpectFailure(At(24, R"(net () => (float8e8m0[1] y) {
    x = constant float32[1] {1}
    y = Cast<to = 24, round_mode = "sideways">(x)
  })"),
                "round_mode");
}

}  // namespace
}  // namespace hone
