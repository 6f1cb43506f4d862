// The definition of attention.h's operation, for float32, float64 and, by
// `round`, narrower types whose every step is rounded.
#ifndef HONE_KERNELS_CPU_ATTENTION_ATTENTION_REF_H_
#define HONE_KERNELS_CPU_ATTENTION_ATTENTION_REF_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/cpu/attention/attention.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// x to the nearest value of a narrower type; null: x.
using RoundTo = float (*)(float);

template <typename T>
T Rounded(RoundTo round, T x) {
  return round == nullptr ? x : static_cast<T>(round(static_cast<float>(x)));
}

// As Attention. Queries and keys are multiplied by the root of `scale` each, as
// in ONNX's function body. `round`: after every step but softmax's, which
// `round_softmax` rounds.
template <typename T>
void AttentionRef(ThreadPool& pool, const AttentionShape& shape,
                  const HeadRows<const T>& q, const HeadRows<const T>& k,
                  const HeadRows<const T>& v, const AttentionOptions& options,
                  RoundTo round, RoundTo round_softmax, MaskRow<T> mask,
                  const HeadRows<T>& y, T* scores) {
  using Scores = AttentionOptions::Scores;
  const T minus = -std::numeric_limits<T>::infinity();
  const T root = Rounded(round, static_cast<T>(std::sqrt(options.scale)));
  const auto size = static_cast<size_t>(shape.size);
  const auto keys = static_cast<size_t>(shape.keys);
  ForRanges(
      pool, shape.batch * shape.heads, 1, [&](int64_t first, int64_t last) {
        std::vector<T> row(keys), bias(keys);
        for (int64_t bh = first; bh < last; ++bh) {
          const int64_t b = bh / shape.heads, h = bh % shape.heads;
          const int64_t kv = h / (shape.heads / shape.kv_heads);
          for (int64_t i = 0; i < shape.queries; ++i) {
            const T* query = q.At(b, h, i);
            T* shown = scores == nullptr
                           ? nullptr
                           : scores + (bh * shape.queries + i) * shape.keys;
            const auto show = [&](Scores at) {
              if (shown != nullptr && options.scores == at) {
                std::copy(row.begin(), row.end(), shown);
              }
            };
            for (size_t j = 0; j < keys; ++j) {
              const T* key = k.At(b, kv, static_cast<int64_t>(j));
              T sum = 0;
              for (size_t e = 0; e < size; ++e) {
                sum += Rounded(round, query[e] * root) *
                       Rounded(round, key[e] * root);
              }
              row[j] = Rounded(round, sum);
            }
            show(Scores::kProduct);
            if (options.softcap > 0) {
              const T cap = static_cast<T>(options.softcap);
              for (T& s : row) {
                s = Rounded(round, std::tanh(Rounded(round, s / cap)) * cap);
              }
            }
            show(Scores::kCapped);
            mask(b, h, i, bias.data());
            const bool masked =
                std::all_of(bias.begin(), bias.end(),
                            [minus](T value) { return value == minus; });
            T most = minus;
            for (size_t j = 0; j < keys; ++j) {
              row[j] = Rounded(round, row[j] + bias[j]);
              if (row[j] > most || std::isnan(row[j])) most = row[j];
            }
            show(Scores::kMasked);
            T sum = 0;
            for (T& s : row) {
              s = masked ? T{0}
                         : Rounded(round_softmax,
                                   std::exp(Rounded(round_softmax, s - most)));
              sum += s;
            }
            sum = Rounded(round_softmax, sum);
            for (T& s : row) {
              if (!masked) s = Rounded(round, Rounded(round_softmax, s / sum));
            }
            show(Scores::kSoftmax);
            T* out = y.At(b, h, i);
            for (int64_t e = 0; e < shape.value_size; ++e) {
              T total = 0;
              for (size_t j = 0; j < keys; ++j) {
                total += row[j] * v.At(b, kv, static_cast<int64_t>(j))[e];
              }
              out[e] = Rounded(round, total);
            }
          }
        }
      });
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_ATTENTION_ATTENTION_REF_H_
