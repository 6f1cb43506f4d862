// The two products of attention where there are too few queries to pay for
// packing keys and values: both are read where they lie, once a query.
#ifndef HONE_KERNELS_CPU_ATTENTION_FEW_ROWS_H_
#define HONE_KERNELS_CPU_ATTENTION_FEW_ROWS_H_

#include <cstdint>

namespace hone {

// Queries up to which these are faster than a packed product.
inline constexpr int64_t kFewQueries = 4;

// scores[j] = scale * sum(q[e] k[j k_row + e], e < size), j < keys.
void ScoreRow(const float* q, const float* k, int64_t k_row, int64_t keys,
              int64_t size, float scale, float* scores);

// y[e] = sum(p[j] v[j v_row + e], j < keys), e < size. keys 0 gives zeros.
void WeighRows(const float* p, const float* v, int64_t v_row, int64_t keys,
               int64_t size, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_ATTENTION_FEW_ROWS_H_
