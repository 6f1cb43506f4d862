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

}  // namespace
}  // namespace hone
