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

// Packed queries, keys and values give what they give apart, and a cache what
// its rows give in front.
TEST(MultiHeadAttention, TakesPackedAndCachedKeys) {
  const auto outputs = RunText(
      "<ir_version: 10, opset_import: [\"\": 17, \"com.microsoft\": 1]>\n"
      R"(net () => (float32[1, 3, 4] y, float32[1, 3, 4] z, float32[1, 1, 4] w,
                    float32[1, 2, 3, 2] k) {
    x = constant float32[1, 3, 12] random(1)
    five = constant int64[5] {1, 3, 3, 2, 2}
    heads = Reshape(x, five)
    packed = Transpose<perm = [0, 1, 3, 2, 4]>(heads)
    y = com.microsoft.MultiHeadAttention<num_heads = 2, unidirectional = 1>(packed)
    a, b, c = Split<axis = 2>(x)
    z = com.microsoft.MultiHeadAttention<num_heads = 2, unidirectional = 1>(a, b, c)
    two = constant int64[2] {2, 1}
    ab, al = Split<axis = 1>(a, two)
    bb, bl = Split<axis = 1>(b, two)
    cb, cl = Split<axis = 1>(c, two)
    four = constant int64[4] {1, 2, 2, 2}
    bs = Reshape(bb, four)
    cs = Reshape(cb, four)
    bp = Transpose<perm = [0, 2, 1, 3]>(bs)
    cp = Transpose<perm = [0, 2, 1, 3]>(cs)
    w, k, v = com.microsoft.MultiHeadAttention<num_heads = 2>(al, bl, cl, , , , bp, cp)
  })",
      false);
  ASSERT_TRUE(outputs.ok()) << outputs.status();
  const auto y = (*outputs)[0].Values<float>();
  const auto z = (*outputs)[1].Values<float>();
  const auto w = (*outputs)[2].Values<float>();
  for (size_t i = 0; i < y.size(); ++i) EXPECT_EQ(y[i], z[i]);
  for (size_t i = 0; i < w.size(); ++i) EXPECT_NEAR(w[i], z[8 + i], 1e-6);
}

TEST(GroupQueryAttention, ChecksItsCache) {
  const std::string head =
      "<ir_version: 10, opset_import: [\"\": 17, \"com.microsoft\": 1]>\n";
  const auto model = [&](const std::string& length) {
    return head + R"(net () => (float32[1, 1, 2] y, float32[1, 1, 2, 2] k) {
    q = constant float32[1, 1, 2] {0, 0}
    v = constant float32[1, 1, 2] {3, 6}
    p = constant float32[1, 1, 1, 2] {1, 2}
    t = constant int32[] {2}
    l = constant int32[1] {)" +
           length + R"(}
    [step] y, k, c = com.microsoft.GroupQueryAttention<num_heads = 1,
        kv_num_heads = 1>(q, v, v, p, p, l, t)
  })";
  };
  ExpectOutputs(model("1"),
                {"float32[1, 1, 2] {2, 4}", "float32[1, 1, 2, 2] {1, 2, 3, 6}"},
                1e-6);
  ExpectFailure(model("2"), "a length in seqlens_k: expected 0 to 1, found 2");
}

// One head of two numbers, one new token, `more` inputs behind the lengths.
std::string Step(const std::string& attributes, const std::string& past,
                 const std::string& tokens, const std::string& more) {
  return "<ir_version: 10, opset_import: [\"\": 17, \"com.microsoft\": 1]>\n"
         "net () => (float32[1, 1, 2] y) {\n"
         "q = constant float32[1, 1, 2] {3, 4}\n"
         "k = constant float32[1, 1, 2] {0, 2}\n"
         "v = constant float32[1, 1, 2] {6, 9}\n"
         "p = constant " +
         past + "\nt = constant int32[] {" + tokens +
         "}\nl = constant int32[1] {" + std::to_string(std::stoi(tokens) - 1) +
         "}\none = constant float32[1] {1}\n"
         "w = constant float32[2] {1, 0.5}\n"
         "[step] y, ck, cv = com.microsoft.GroupQueryAttention<num_heads = 1, "
         "kv_num_heads = 1" +
         attributes + ">(q, k, v, p, p, l, t" + more + ")\n}";
}

TEST(GroupQueryAttention, CachesThatSlideKeepTheWindow) {
  // Keys of zeros have equal shares: of the window's two values here.
  const std::string past = "float32[1, 1, 2, 2] {0, 0, 2, 3}";
  ExpectOutputs(Step(", local_window_size = 2, sliding_window_cache = 1, "
                     "scale = 1e-30",
                     past, "7", ""),
                {"float32[1, 1, 2] {4, 6}"}, 1e-5);
  ExpectFailure(
      Step(", local_window_size = 3, sliding_window_cache = 1", past, "7", ""),
      "rows of the caches: expected at least 3, found 2");
  ExpectFailure(Step(", sliding_window_cache = 1", past, "7", ""),
                "local_window_size: expected at least 1");
}

TEST(GroupQueryAttention, ReadsTheCodesOfItsCaches) {
  const std::string attributes =
      ", scale = 1e-30, kv_cache_bit_width = 8, k_quant_type = \"PER_TENSOR\", "
      "v_quant_type = \"PER_TENSOR\"";
  const std::string past = "int8[1, 1, 1, 2] {-4, 1}";
  ExpectOutputs(Step(attributes, past, "2", ", , , , , , one, one"),
                {"float32[1, 1, 2] {1, 5}"}, 1e-5);
  ExpectFailure(Step(attributes, past, "2", ""), "scale of a cache");
  ExpectFailure(Step(attributes, "int8[1, 1, 1, 3] {1, 2, 3}", "2",
                     ", , , , , , one, one"),
                "past key");
  ExpectFailure(Step("", past, "2", ""), "type of a cache");
  ExpectFailure(Step(", k_quant_type = \"PER_TENSOR\"", past, "2",
                     ", , , , , , one, one"),
                "kv_cache_bit_width: expected 4 or 8, found 0");
}

TEST(GroupQueryAttention, NormalizesHeads) {
  // q: 3, 4 by the root of 12.5 and 1, .5; k: 0, 2 by the root of 2 and 1, .5:
  // .84853, .56569 and 0, .70711, whose product is .4. The past's is -2 * .4.
  // So the new value has 1 / (1 + e^-1.2) = .76852 of the sum.
  const std::string past = "float32[1, 1, 1, 2] {0, -1.4142135}";
  ExpectOutputs(Step(", scale = 1.0", past, "2", ", , , , , , , , w, w"),
                {"float32[1, 1, 2] {4.61114, 6.58937}"}, 2e-5);
  ExpectFailure(Step("", past, "2", ", , , , , , , , w"), "both or none");
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
