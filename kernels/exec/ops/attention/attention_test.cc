#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 23]>\n" + body;
}

TEST(Attention, MixesValuesByScores) {
  ExpectOutputs(Body(R"(net () => (float32[1, 1, 1, 2] y) {
    q = constant float32[1, 1, 1, 2] {0, 0}
    k = constant float32[1, 1, 2, 2] {1, 2, 3, 4}
    v = constant float32[1, 1, 2, 2] {1, 2, 3, 6}
    y = Attention(q, k, v)
  })"),
                {"float32[1, 1, 1, 2] {2, 4}"}, 1e-6);
}

TEST(Attention, CausalityAndMasksHideKeys) {
  ExpectOutputs(
      Body(R"(net () => (float32[1, 1, 2, 1] y, float32[1, 1, 2, 1] z) {
    q = constant float32[1, 1, 2, 1] {0, 0}
    v = constant float32[1, 1, 2, 1] {1, 3}
    m = constant bool[2, 2] {0, 0, 0, 1}
    y = Attention<is_causal = 1>(q, q, v)
    z = Attention(q, q, v, m)
  })"),
      {"float32[1, 1, 2, 1] {1, 2}", "float32[1, 1, 2, 1] {0, 3}"}, 1e-6);
}

TEST(Attention, GroupsOfHeadsShareKeys) {
  ExpectOutputs(Body(R"(net () => (float32[1, 1, 4] y) {
    q = constant float32[1, 1, 4] {0, 0, 0, 0}
    v = constant float32[1, 1, 2] {5, 7}
    y = Attention<q_num_heads = 4, kv_num_heads = 2>(q, v, v)
  })"),
                {"float32[1, 1, 4] {5, 5, 7, 7}"}, 1e-6);
}

TEST(Attention, UnequalHeads) {
  ExpectFailure(Body(R"(net () => (float32[1, 3, 1, 1] y) {
    q = constant float32[1, 3, 1, 1] {0, 0, 0}
    v = constant float32[1, 2, 1, 1] {5, 7}
    [att] y = Attention(q, v, v)
  })"),
                "att");
}

TEST(RotaryEmbedding, TurnsPairs) {
  ExpectOutputs(
      Body(R"(net () => (float32[1, 1, 1, 4] y, float32[1, 1, 1, 4] z) {
    x = constant float32[1, 1, 1, 4] {1, 2, 3, 4}
    c = constant float32[1, 2] {0, 1}
    s = constant float32[1, 2] {1, 0}
    p = constant int64[1, 1] {0}
    y = RotaryEmbedding(x, c, s, p)
    z = RotaryEmbedding<interleaved = 1>(x, c, s, p)
  })"),
      {"float32[1, 1, 1, 4] {-3, 2, 1, 4}",
       "float32[1, 1, 1, 4] {-2, 1, 3, 4}"},
      1e-6);
}

TEST(MultiHeadAttention, HidesPaddedKeys) {
  ExpectOutputs(
      "<ir_version: 10, opset_import: [\"\": 17, \"com.microsoft\": "
      "1]>\n"
      R"(net () => (float32[1, 1, 2] y, float32[1, 1, 2] z) {
    q = constant float32[1, 1, 2] {0, 0}
    v = constant float32[1, 2, 2] {1, 2, 3, 6}
    m = constant int32[1] {1}
    y = com.microsoft.MultiHeadAttention<num_heads = 2>(q, v, v)
    z = com.microsoft.MultiHeadAttention<num_heads = 2>(q, v, v, , m)
  })",
      {"float32[1, 1, 2] {2, 4}", "float32[1, 1, 2] {1, 2}"}, 1e-6);
}

}  // namespace
}  // namespace hone
