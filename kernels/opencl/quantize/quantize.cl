// q = clamp(round_half_even(x / scale[c]) + zero_point[c]); see quantize.h.

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void quantize(
    int n, int channels, int inner, __global const float* restrict x,
    __global const float* restrict scale,
    __global const int* restrict zero_point, __global TYPE* restrict q) {
  const int i = get_global_id(0);
  if (i >= n) return;
  const int c = i / inner % channels;
  const float s = scale[c];
  float quotient = x[i] / s;
#ifndef EXACT_DIVISION
  // The quotient is off by a few units in the last place: one step of Newton's
  // method with an exact remainder rounds it correctly.
  const float rest = fma(-quotient, s, x[i]);
  if (isfinite(rest)) quotient = fma(rest, 1 / s, quotient);
#endif
  // Far outside of the range the sum stays outside of it.
  const float rounded = clamp(rint(quotient), -1.0e6f, 1.0e6f);
  q[i] = isnan(quotient)
             ? LOW
             : (TYPE)clamp((int)rounded + zero_point[c], LOW, HIGH);
}
