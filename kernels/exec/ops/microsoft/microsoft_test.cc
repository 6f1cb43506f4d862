#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 17, \"com.microsoft\": 1]>\n" +
         body;
}

TEST(BiasedGelu, AddsTheBiasFirst) {
  ExpectOutputs(
      Body(R"(net () => (float32[1, 2] a, float32[1, 2] b) {
    x = constant float32[1, 2] {0, 1}
    c = constant float32[2] {1, 0}
    a = com.microsoft.BiasGelu(x, c)
    b = com.microsoft.QuickGelu<alpha = 0.0>(x)
  })"),
      {"float32[1, 2] {0.8413447, 0.8413447}", "float32[1, 2] {0, 0.5}"}, 1e-6);
}

TEST(SkipNormalization, NormalizesTheSum) {
  ExpectOutputs(Body(R"(net () => (float32[1, 2] a, float32[1, 2] s) {
    x = constant float32[1, 2] {1, 2}
    k = constant float32[1, 2] {1, 4}
    g = constant float32[2] {1, 2}
    a, m, v, s = com.microsoft.SkipLayerNormalization(x, k, g)
  })"),
                {"float32[1, 2] {-1, 2}", "float32[1, 2] {2, 6}"}, 1e-6);
}

TEST(MatMulNBits, BlocksHaveScalesAndZeroPoints) {
  // 16 weights: codes 1, 2, 0, 0, ... of zero point 0 and scale 0.5.
  ExpectOutputs(Body(R"(net () => (float32[1, 1] y) {
    x = constant float32[1, 16] {10, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
    w = constant uint8[1, 1, 8] {33, 0, 0, 0, 0, 0, 0, 0}
    s = constant float32[1] {0.5}
    z = constant uint8[1] {0}
    y = com.microsoft.MatMulNBits<K = 16, N = 1, bits = 4, block_size = 16>(x, w, s, z)
  })"),
                {"float32[1, 1] {105}"}, 1e-6);
  ExpectFailure(Body(R"(net () => (float32[1, 1] y) {
    x = constant float32[1, 16] {10, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
    w = constant uint8[1, 1, 7] {33, 0, 0, 0, 0, 0, 0}
    s = constant float32[1] {0.5}
    [short] y = com.microsoft.MatMulNBits<K = 16, N = 1, bits = 4, block_size = 16>(x, w, s)
  })"),
                "short");
}

}  // namespace
}  // namespace hone
