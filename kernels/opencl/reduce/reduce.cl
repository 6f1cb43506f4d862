// Sums, means and extremes along one axis; see reduce.h. MERGE is sum_of,
// least_of or greatest_of.

float sum_of(float a, float b) { return a + b; }
float least_of(float a, float b) { return isnan(a) || a < b ? a : b; }
float greatest_of(float a, float b) { return isnan(a) || a > b ? a : b; }

// One group: a row of `extent` elements.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void reduce_rows(
    int extent, float start, float factor, __global const float* x,
    __global float* y) {
  __local float shared[GROUP];
  const int item = get_local_id(0);
  const long row = get_group_id(0);
  float value = start;
  for (int e = item; e < extent; e += GROUP) {
    value = MERGE(x[row * extent + e], value);
  }
  shared[item] = value;
  for (int step = GROUP / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < step) shared[item] = MERGE(shared[item], shared[item + step]);
  }
  if (item == 0) y[row] = shared[0] * factor;
}

// One work-item: one column. Sums of 64 elements are added up, which keeps the
// error of long ones small.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void reduce_columns(
    int n, int extent, int inner, float start, float factor,
    __global const float* x, __global float* y) {
  const int i = get_global_id(0);
  if (i >= n) return;
  __global const float* const column =
      x + (long)(i / inner) * extent * inner + i % inner;
  float value = start;
  for (int e = 0; e < extent; e += 64) {
    float part = start;
    const int end = min(extent, e + 64);
    for (int f = e; f < end; ++f) {
      part = MERGE(column[(long)f * inner], part);
    }
    value = MERGE(part, value);
  }
  y[i] = value * factor;
}
