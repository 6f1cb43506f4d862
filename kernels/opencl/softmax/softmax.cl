// Softmax and log-softmax of one row by one group; see softmax.h.

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void softmax_rows(
    int extent, int inner, int take_log, __global const float* x,
    __global float* y) {
  __local float shared[GROUP];
  const int item = get_local_id(0);
  const long row = get_group_id(0);
  const long first = row / inner * extent * inner + row % inner;
  float most = -INFINITY;
  for (int e = item; e < extent; e += GROUP) {
    most = fmax(most, x[first + (long)e * inner]);
  }
  shared[item] = most;
  for (int step = GROUP / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < step) shared[item] = fmax(shared[item], shared[item + step]);
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  most = shared[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  float sum = 0;
  for (int e = item; e < extent; e += GROUP) {
    sum += exp(x[first + (long)e * inner] - most);
  }
  shared[item] = sum;
  for (int step = GROUP / 2; step > 0; step /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < step) shared[item] += shared[item + step];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  sum = shared[0];
  const float shift = log(sum);
  for (int e = item; e < extent; e += GROUP) {
    const long at = first + (long)e * inner;
    const float shifted = x[at] - most;
    y[at] = take_log ? shifted - shift : exp(shifted) / sum;
  }
}
