#include "kernels/cpu/attention/attention.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/attention/attention_ref.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

std::vector<float> Wave(int64_t n, float phase) {
  std::vector<float> values;
  for (int64_t i = 0; i < n; ++i) {
    values.push_back(std::sin(phase + 0.37f * static_cast<float>(i)));
  }
  return values;
}

struct Outputs {
  std::vector<float> y, scores;
};

// Optimized and by the definition; every seventh query sees no key.
void Compare(const AttentionShape& s, AttentionOptions options, int threads) {
  ThreadPool pool(threads);
  const std::vector<float> q = Wave(s.batch * s.heads * s.queries * s.size, 0);
  const std::vector<float> k = Wave(s.batch * s.kv_heads * s.keys * s.size, 1);
  const std::vector<float> v =
      Wave(s.batch * s.kv_heads * s.keys * s.value_size, 2);
  const auto rows = [](const float* data, int64_t heads, int64_t length,
                       int64_t size) {
    return HeadRows<const float>{data, heads * length * size, length * size,
                                 size};
  };
  const auto mask = [&](int64_t, int64_t h, int64_t i, float* row) {
    for (int64_t j = 0; j < s.keys; ++j) {
      row[j] = i % 7 == 3 || j > i + h ? -std::numeric_limits<float>::infinity()
                                       : 0.01f * static_cast<float>(j);
    }
  };
  options.scale = 1 / std::sqrt(static_cast<double>(s.size));
  Outputs out[2];
  for (Outputs& o : out) {
    o.y.resize(
        static_cast<size_t>(s.batch * s.heads * s.queries * s.value_size));
    o.scores.resize(
        static_cast<size_t>(s.batch * s.heads * s.queries * s.keys));
  }
  const auto y = [&](Outputs& o) {
    return HeadRows<float>{o.y.data(), s.heads * s.queries * s.value_size,
                           s.queries * s.value_size, s.value_size};
  };
  const std::unique_ptr<std::byte[], void (*)(std::byte*)> scratch(
      static_cast<std::byte*>(::operator new(AttentionScratchBytes(s, threads),
                                             std::align_val_t{64})),
      [](std::byte* p) { ::operator delete(p, std::align_val_t{64}); });
  Attention(pool, s, rows(q.data(), s.heads, s.queries, s.size),
            rows(k.data(), s.kv_heads, s.keys, s.size),
            rows(v.data(), s.kv_heads, s.keys, s.value_size), options, mask,
            y(out[0]), out[0].scores.data(), scratch.get());
  AttentionRef<float>(pool, s, rows(q.data(), s.heads, s.queries, s.size),
                      rows(k.data(), s.kv_heads, s.keys, s.size),
                      rows(v.data(), s.kv_heads, s.keys, s.value_size), options,
                      nullptr, nullptr, mask, y(out[1]), out[1].scores.data());
  for (size_t i = 0; i < out[0].y.size(); ++i) {
    ASSERT_NEAR(out[0].y[i], out[1].y[i], 2e-5) << i;
  }
  for (size_t i = 0; i < out[0].scores.size(); ++i) {
    if (out[0].scores[i] == out[1].scores[i]) continue;
    ASSERT_NEAR(out[0].scores[i], out[1].scores[i], 2e-5) << i;
  }
}

TEST(Attention, IsItsDefinition) {
  for (const int64_t queries : {1, 3, 4, 5, 130}) {
    for (const int64_t keys : {1, 17, 64}) {
      Compare({2, 4, 2, queries, keys, 8, 5}, {}, 2);
      Compare({1, 2, 1, queries, keys, 72, 100}, {}, 2);
    }
  }
}

TEST(Attention, ShowsEveryKindOfScores) {
  using Scores = AttentionOptions::Scores;
  for (const Scores scores :
       {Scores::kProduct, Scores::kCapped, Scores::kMasked, Scores::kSoftmax}) {
    AttentionOptions options;
    options.softcap = 0.5;
    options.scores = scores;
    Compare({1, 2, 2, 9, 11, 4, 4}, options, 1);
  }
}

}  // namespace
}  // namespace hone
