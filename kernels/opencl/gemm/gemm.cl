// C = f(alpha A B + beta bias + residual), in tiles; see gemm.h.
//
// A group of GROUP x GROUP work-items computes a tile of TILE x TILE elements,
// each item PER x PER of them, GROUP apart: neighbouring items read neighbouring
// words of local memory and write neighbouring elements of C.

#define TILE (GROUP * PER)

float activate(int kind, float p, float q, float x) {
  switch (kind) {
    case 1:  // clamp; NaN stays NaN
      x = x < p ? p : x;
      return x > q ? q : x;
    case 2:
      return x < 0 ? p * x : x;
    case 3:
      return clamp(p * x + q, 0.0f, 1.0f);
    case 4:
      return x * clamp(x * (1.0f / 6) + 0.5f, 0.0f, 1.0f);
    case 5:
      return 1 / (1 + exp(-x));
    case 6:
      return x / (1 + exp(-x));
    case 7:
      return tanh(x);
    case 8:
      return 0.5f * x * (1 + erf(x * M_SQRT1_2_F));
  }
  return x;
}

__kernel __attribute__((reqd_work_group_size(GROUP, GROUP, 1))) void gemm(
    int m, int n, int k, __global const float* restrict a, long a_start,
    long a_batch, int a_row, int a_column, __global const float* restrict b,
    long b_start, long b_batch, int b_row, int b_column,
    __global float* restrict c, long c_start, float alpha, int extras,
    __global const float* restrict bias, float beta, int bias_row,
    int bias_column, __global const float* restrict residual, int kind, float p,
    float q) {
  // One element more a row keeps the writes of a transposed tile apart.
  __local float a_tile[DEPTH][TILE + 1];
  __local float b_tile[DEPTH][TILE + 1];
  const int x = get_local_id(0);
  const int y = get_local_id(1);
  const int item = y * GROUP + x;
  const int column0 = get_group_id(0) * TILE;
  const int row0 = get_group_id(1) * TILE;
  const long batch = get_group_id(2);
  a += a_start + batch * a_batch;
  b += b_start + batch * b_batch;

  float sum[PER][PER];
  for (int i = 0; i < PER; ++i) {
    for (int j = 0; j < PER; ++j) sum[i][j] = 0;
  }
  for (int k0 = 0; k0 < k; k0 += DEPTH) {
    for (int t = item; t < TILE * DEPTH; t += GROUP * GROUP) {
      // Neighbouring items read neighbouring elements, whichever way the
      // matrix lies.
      const int ad = a_column == 1 ? t % DEPTH : t / TILE;
      const int ar = a_column == 1 ? t / DEPTH : t % TILE;
      const bool a_inside = row0 + ar < m && k0 + ad < k;
      a_tile[ad][ar] = a_inside ? a[(long)(row0 + ar) * a_row +
                                    (long)(k0 + ad) * a_column]
                                : 0;
      const int bd = b_column == 1 ? t / TILE : t % DEPTH;
      const int bc = b_column == 1 ? t % TILE : t / DEPTH;
      const bool b_inside = column0 + bc < n && k0 + bd < k;
      b_tile[bd][bc] = b_inside ? b[(long)(k0 + bd) * b_row +
                                    (long)(column0 + bc) * b_column]
                                : 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int d = 0; d < DEPTH; ++d) {
      float rows[PER];
      float columns[PER];
      for (int i = 0; i < PER; ++i) rows[i] = a_tile[d][y + i * GROUP];
      for (int j = 0; j < PER; ++j) columns[j] = b_tile[d][x + j * GROUP];
      for (int i = 0; i < PER; ++i) {
        for (int j = 0; j < PER; ++j) {
          sum[i][j] = fma(rows[i], columns[j], sum[i][j]);
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  const long first = c_start + batch * m * n;
  for (int i = 0; i < PER; ++i) {
    const int row = row0 + y + i * GROUP;
    for (int j = 0; j < PER; ++j) {
      const int column = column0 + x + j * GROUP;
      if (row < m && column < n) {
        const long at = first + (long)row * n + column;
        float value = alpha * sum[i][j];
        if (extras & 1) {
          value += beta * bias[(long)row * bias_row +
                               (long)column * bias_column];
        }
        if (extras & 2) value += residual[at];
        c[at] = activate(kind, p, q, value);
      }
    }
  }
}
