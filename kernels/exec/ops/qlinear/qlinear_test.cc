#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 21]>\n" + body;
}

TEST(MatMulInteger, TakesZeroPointsOff) {
  ExpectOutputs(Body(R"(net () => (int32[1, 2] y) {
    a = constant uint8[1, 2] {255, 3}
    b = constant int8[2, 2] {127, 1, 2, -1}
    za = constant uint8[] {1}
    zb = constant int8[2] {0, 1}
    y = MatMulInteger(a, b, za, zb)
  })"),
                {"int32[1, 2] {32262, -4}"});
}

TEST(QLinearMatMul, FloatsOfEightBits) {
  // (1.5 * 2 + -3 * .5) * .5 * 4 = 3; (9 * 2 + 3 * 3) / .1 saturates.
  ExpectOutputs(Body(R"(net () => (float32[1, 1] y, int8[1, 1] z) {
    fa = constant float32[1, 2] {1.5, -3}
    fb = constant float32[2, 1] {2, 0.5}
    f0 = constant float32[] {0}
    a = Cast<to = 17>(fa)
    za = Cast<to = 17>(f0)
    b = Cast<to = 19>(fb)
    zb = Cast<to = 19>(f0)
    sa = constant float32[] {0.5}
    sb = constant float32[] {4}
    sy = constant float32[] {1}
    q = QLinearMatMul(a, sa, za, b, sb, zb, sy, za)
    y = Cast<to = 1>(q)
    c = constant int8[1, 2] {10, 4}
    one = constant int8[] {1}
    st = constant float32[] {0.1}
    fd = constant float32[2, 1] {2, 3}
    d = Cast<to = 19>(fd)
    z = QLinearMatMul(c, sy, one, d, sy, zb, st, one)
  })"),
                {"float32[1, 1] {3}", "int8[1, 1] {127}"});
}

TEST(QLinearMatMul, RoundsHalfToEven) {
  ExpectOutputs(Body(R"(net () => (uint8[1, 2] y) {
    a = constant uint8[1, 1] {5}
    s = constant float32[] {0.5}
    z = constant uint8[] {0}
    b = constant uint8[1, 2] {1, 3}
    one = constant float32[] {1}
    y = QLinearMatMul(a, s, z, b, one, z, one, z)
  })"),
                {"uint8[1, 2] {2, 8}"});
}

TEST(ConvInteger, PaddingIsTheZeroPoint) {
  ExpectOutputs(Body(R"(net () => (int32[1, 1, 3] y) {
    x = constant uint8[1, 1, 3] {2, 3, 4}
    w = constant uint8[1, 1, 3] {1, 1, 1}
    z = constant uint8[] {1}
    y = ConvInteger<pads = [1, 1]>(x, w, z)
  })"),
                {"int32[1, 1, 3] {3, 6, 5}"});
}

}  // namespace
}  // namespace hone
