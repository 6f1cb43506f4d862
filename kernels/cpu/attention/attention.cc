#include "kernels/cpu/attention/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/cpu/attention/few_rows.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/softmax/softmax.h"

namespace hone {
namespace {

// Queries of one head that are one task: large enough to pay for packing the
// keys again, small enough to share a head among threads.
constexpr int64_t kQueries = 128;

size_t Aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

size_t ColumnsBytes(const AttentionShape& shape) {
  return Aligned(std::max(GemmColumnsBytes(shape.size, shape.keys),
                          GemmColumnsBytes(shape.keys, shape.value_size)));
}

size_t RowsBytes(const AttentionShape& shape) {
  return Aligned(static_cast<size_t>(std::min(kQueries, shape.queries)) *
                 static_cast<size_t>(shape.keys) * sizeof(float)) +
         Aligned(static_cast<size_t>(shape.keys) * sizeof(float));
}

// Adds the masks to rows [first, first + count) of one head and applies
// softmax; a query without a key gets zeros.
void MaskedSoftmax(ThreadPool& pool, const AttentionShape& shape,
                   MaskRow<float> mask, int64_t b, int64_t h, int64_t first,
                   int64_t count, bool keep_masked, float* rows, float* bias,
                   float* masked) {
  constexpr float kMinus = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < count; ++i) {
    float* row = rows + i * shape.keys;
    mask(b, h, first + i, bias);
    bool none = true;
    for (int64_t j = 0; j < shape.keys; ++j) {
      row[j] += bias[j];
      none = none && bias[j] == kMinus;
    }
    if (keep_masked) std::copy(row, row + shape.keys, masked + i * shape.keys);
    if (none) {
      std::fill(row, row + shape.keys, 0.0f);
    } else {
      Softmax(pool, row, {1, shape.keys, 1}, /*log=*/false, row);
    }
  }
}

}  // namespace

size_t AttentionScratchBytes(const AttentionShape& shape, int threads) {
  return Aligned(GemmScratchBytes(threads)) +
         static_cast<size_t>(threads) *
             (ColumnsBytes(shape) + RowsBytes(shape));
}

void Attention(ThreadPool& pool, const AttentionShape& shape,
               const HeadRows<const float>& q, const HeadRows<const float>& k,
               const HeadRows<const float>& v, const AttentionOptions& options,
               MaskRow<float> mask, const HeadRows<float>& y, float* scores,
               std::byte* scratch) {
  using Scores = AttentionOptions::Scores;
  if (shape.queries == 0) return;
  const int64_t blocks = (shape.queries + kQueries - 1) / kQueries;
  std::byte* const own = scratch + Aligned(GemmScratchBytes(pool.threads()));
  const size_t own_bytes = ColumnsBytes(shape) + RowsBytes(shape);
  const auto run = [&](int64_t task, int worker) {
    const int64_t b = task / blocks / shape.heads;
    const int64_t h = task / blocks % shape.heads;
    const int64_t kv = h / (shape.heads / shape.kv_heads);
    const int64_t first = task % blocks * kQueries;
    const int64_t count = std::min(kQueries, shape.queries - first);
    std::byte* const columns = own + static_cast<size_t>(worker) * own_bytes;
    auto* const rows = reinterpret_cast<float*>(columns + ColumnsBytes(shape));
    float* const bias =
        rows + Aligned(static_cast<size_t>(std::min(kQueries, shape.queries) *
                                           shape.keys) *
                       sizeof(float)) /
                   sizeof(float);
    const int64_t size = count * shape.keys;
    float* const shown =
        scores == nullptr
            ? nullptr
            : scores +
                  ((b * shape.heads + h) * shape.queries + first) * shape.keys;
    const auto show = [&](Scores at) {
      if (shown != nullptr && options.scores == at) {
        std::copy(rows, rows + size, shown);
      }
    };
    const bool few = shape.queries <= kFewQueries;
    const auto scale = static_cast<float>(options.scale);
    for (int64_t i = 0; few && i < count; ++i) {
      ScoreRow(q.At(b, h, first + i), k.At(b, kv, 0), k.row, shape.keys,
               shape.size, scale, rows + i * shape.keys);
    }
    if (!few) {
      Gemm(count, shape.keys, shape.size, {q.At(b, h, first), q.row, 1}, scale,
           {k.At(b, kv, 0), 1, k.row}, {}, rows, shape.keys, scratch, columns,
           pool);
    }
    show(Scores::kProduct);
    if (options.softcap > 0) {
      const float cap = static_cast<float>(options.softcap);
      for (int64_t i = 0; i < size; ++i) {
        rows[i] = std::tanh(rows[i] / cap) * cap;
      }
    }
    show(Scores::kCapped);
    MaskedSoftmax(pool, shape, mask, b, h, first, count,
                  shown != nullptr && options.scores == Scores::kMasked, rows,
                  bias, shown);
    show(Scores::kSoftmax);
    for (int64_t i = 0; few && i < count; ++i) {
      WeighRows(rows + i * shape.keys, v.At(b, kv, 0), v.row, shape.keys,
                shape.value_size, y.At(b, h, first + i));
    }
    if (few) return;
    Gemm(count, shape.value_size, shape.keys, {rows, shape.keys, 1}, 1,
         {v.At(b, kv, 0), v.row, 1}, {}, y.At(b, h, first), y.row, scratch,
         columns, pool);
  };
  pool.ParallelFor(shape.batch * shape.heads * blocks, run);
}

}  // namespace hone
