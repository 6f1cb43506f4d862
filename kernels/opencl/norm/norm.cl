// Layer normalization of one row by one group; see norm.h.

// The sum of every item's value, in one order; for all items.
float group_sum(float value, __local float* shared) {
  const int item = get_local_id(0);
  barrier(CLK_LOCAL_MEM_FENCE);
  shared[item] = value;
  for (int step = GROUP / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < step) shared[item] += shared[item + step];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  return shared[0];
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void normalize_rows(
    int n, float epsilon, int centered, __global const float* x,
    __global const float* scale, int has_bias, __global const float* bias,
    __global float* y) {
  __local float shared[GROUP];
  const int item = get_local_id(0);
  const long first = (long)get_group_id(0) * n;
  float mean = 0;
  if (centered) {
    float sum = 0;
    for (int i = item; i < n; i += GROUP) sum += x[first + i];
    mean = group_sum(sum, shared) / n;
  }
  float squares = 0;
  for (int i = item; i < n; i += GROUP) {
    const float off = x[first + i] - mean;
    squares = fma(off, off, squares);
  }
  const float factor = 1 / sqrt(group_sum(squares, shared) / n + epsilon);
  for (int i = item; i < n; i += GROUP) {
    const float value = (x[first + i] - mean) * factor * scale[i];
    y[first + i] = has_bias ? value + bias[i] : value;
  }
}
