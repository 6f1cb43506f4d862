// Partial ranges of x [outer, channels, inner]; see range.h.

typedef struct {
  float least, greatest, sum, lost;  // the sum is sum + lost (Kahan)
  uint nans, infinities;
} Partial;

Partial nothing(void) {
  Partial p = {INFINITY, -INFINITY, 0, 0, 0, 0};
  return p;
}

Partial with(Partial p, float x) {
  if (isnan(x)) {
    ++p.nans;
  } else if (isinf(x)) {
    ++p.infinities;
  } else {
    p.least = fmin(p.least, x);
    p.greatest = fmax(p.greatest, x);
    // Knuth's two-sum: exact whatever the operands' order of size.
    const float sum = p.sum + x;
    const float part = sum - p.sum;
    p.lost += (p.sum - (sum - part)) + (x - part);
    p.sum = sum;
  }
  return p;
}

Partial merged(Partial p, Partial q) {
  p.least = fmin(p.least, q.least);
  p.greatest = fmax(p.greatest, q.greatest);
  const float sum = p.sum + q.sum;
  const float part = sum - p.sum;
  p.lost += q.lost + ((p.sum - (sum - part)) + (q.sum - part));
  p.sum = sum;
  p.nans += q.nans;
  p.infinities += q.infinities;
  return p;
}

// One group: elements [chunk * CHUNK, ...) of one row of `inner` elements.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void range_rows(
    int inner, __global const float* restrict x,
    __global Partial* restrict partials) {
  const int item = get_local_id(0);
  const int chunk = get_group_id(0);
  const long row = get_group_id(1);
  const int end = min(inner - chunk * CHUNK, CHUNK);
  __global const float* const from = x + row * inner + (long)chunk * CHUNK;
  Partial p = nothing();
  for (int i = item; i < end; i += GROUP) p = with(p, from[i]);
  __local Partial shared[GROUP];
  shared[item] = p;
  for (int step = GROUP / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < step) shared[item] = merged(shared[item], shared[item + step]);
  }
  if (item == 0) partials[row * get_num_groups(0) + chunk] = shared[0];
}

// One work-item: a channel's short rows in ROWS of the outer positions.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void range_columns(
    int outer, int channels, int inner, __global const float* restrict x,
    __global Partial* restrict partials) {
  const int channel = get_global_id(0);
  const int block = get_global_id(1);
  if (channel >= channels) return;
  const int end = min(outer, (block + 1) * ROWS);
  Partial p = nothing();
  for (int o = block * ROWS; o < end; ++o) {
    __global const float* const row = x + ((long)o * channels + channel) * inner;
    for (int i = 0; i < inner; ++i) p = with(p, row[i]);
  }
  partials[(long)block * channels + channel] = p;
}
