// Counts of elements in BINS bins; see histogram.h.

// counts [BINS + 1]: the last counts what is not finite. Integer additions, so
// their order does not matter.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void count_bins(
    int n, float inverse, __global const float* restrict x,
    __global uint* restrict counts) {
  __local uint own[BINS + 1];
  const int item = get_local_id(0);
  for (int b = item; b <= BINS; b += GROUP) own[b] = 0;
  barrier(CLK_LOCAL_MEM_FENCE);
  const int first = get_group_id(0) * CHUNK;
  const int end = min(n - first, CHUNK) + first;
  for (int i = first + item; i < end; i += GROUP) {
    const uint bits = as_uint(x[i]);
    int bin = BINS;
    if ((bits & 0x7fffffff) < 0x7f800000) {
      // The product is exact unless it is less than the least normal number,
      // which a device may take for zero; its sign still tells the bin.
      const float scaled = floor(x[i] * inverse);
      const bool below = bits > 0x80000000;
      bin = BINS / 2 + (below && scaled == 0 ? -1 : (int)scaled);
    }
    atomic_inc(&own[bin]);
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int b = item; b <= BINS; b += GROUP) {
    if (own[b] != 0) atomic_add(&counts[b], own[b]);
  }
}
