// y[o, i, :] = x[o, index[i], :]; see gather.h.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void gather_rows(
    uint n, uint extent, uint count, uint inner, __global const uint* x,
    __global const int* index, __global uint* y) {
  const uint i = get_global_id(0);
  if (i >= n) return;
  const uint row = i / inner;
  const uint outer = row / count;
  y[i] = x[(outer * extent + index[row % count]) * inner + i % inner];
}
