// Functions of one and of two arrays, and copies; see elementwise.h. FUNCTION
// names one of the functions below.

float unary_abs(float x, float p, float q) { return fabs(x); }
float unary_neg(float x, float p, float q) { return -x; }
float unary_reciprocal(float x, float p, float q) { return 1 / x; }
float unary_sqrt(float x, float p, float q) { return sqrt(x); }
float unary_exp(float x, float p, float q) { return exp(x); }
float unary_log(float x, float p, float q) { return log(x); }
float unary_relu(float x, float p, float q) { return x < 0 ? 0 : x; }
float unary_clip(float x, float p, float q) {
  x = x < p ? p : x;
  return x > q ? q : x;
}
float unary_leaky_relu(float x, float p, float q) { return x < 0 ? p * x : x; }
float unary_elu(float x, float p, float q) { return x < 0 ? p * expm1(x) : x; }
float unary_hard_sigmoid(float x, float p, float q) {
  const float y = p * x + q;
  return y < 0 ? 0 : (y > 1 ? 1 : y);
}
float unary_hard_swish(float x, float p, float q) {
  const float y = x * (1.0f / 6) + 0.5f;
  return x * (y < 0 ? 0 : (y > 1 ? 1 : y));
}
float unary_sigmoid(float x, float p, float q) { return 1 / (1 + exp(-x)); }
float unary_swish(float x, float p, float q) { return x / (1 + exp(-p * x)); }
float unary_tanh(float x, float p, float q) { return tanh(x); }
float unary_softplus(float x, float p, float q) {
  return fmax(x, 0.0f) + log1p(exp(-fabs(x)));
}
float unary_erf(float x, float p, float q) { return erf(x); }
float unary_gelu(float x, float p, float q) {
  return 0.5f * x * (1 + erf(x * M_SQRT1_2_F));
}
float unary_gelu_tanh(float x, float p, float q) {
  return 0.5f * x * (1 + tanh(0.797884561f * (x + 0.044715f * x * x * x)));
}

float binary_add(float a, float b) { return a + b; }
float binary_sub(float a, float b) { return a - b; }
float binary_mul(float a, float b) { return a * b; }
float binary_div(float a, float b) { return a / b; }
// pow(x, 2) is what normalizations are written with.
float binary_pow(float a, float b) { return b == 2 ? a * a : pow(a, b); }
float binary_prelu(float a, float b) { return a < 0 ? b * a : a; }
float binary_min(float a, float b) { return a < b || isnan(a) ? a : b; }
float binary_max(float a, float b) { return a > b || isnan(a) ? a : b; }

#ifdef UNARY
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void unary(
    uint n, float p, float q, __global const float* x, __global float* y) {
  const uint i = get_global_id(0);
  if (i < n) y[i] = FUNCTION(x[i], p, q);
}
#endif

#ifdef BINARY
// Steps are 0 (one element for all) or 1.
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void binary(
    uint n, __global const float* a, int a_step, __global const float* b,
    int b_step, __global float* y) {
  const uint i = get_global_id(0);
  if (i < n) y[i] = FUNCTION(a[i * a_step], b[i * b_step]);
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void binary_nest(
    uint n, int loops, int8 extents, __global const float* a, int8 a_strides,
    __global const float* b, int8 b_strides, __global float* y) {
  const uint i = get_global_id(0);
  if (i >= n) return;
  uint e[8];
  int s[8], t[8];
  vstore8(as_uint8(extents), 0, e);
  vstore8(a_strides, 0, s);
  vstore8(b_strides, 0, t);
  uint rest = i;
  int from = 0, with = 0;
  for (int l = loops - 1; l >= 0; --l) {
    const int at = rest % e[l];
    rest /= e[l];
    from += at * s[l];
    with += at * t[l];
  }
  y[i] = FUNCTION(a[from], b[with]);
}
#endif

#ifdef COPY
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void copy_nest(
    uint n, int loops, int8 extents, __global const uint* x, int x_start,
    int8 x_strides, __global uint* y, int y_start, int8 y_strides) {
  const uint i = get_global_id(0);
  if (i >= n) return;
  uint e[8];
  int s[8], t[8];
  vstore8(as_uint8(extents), 0, e);
  vstore8(x_strides, 0, s);
  vstore8(y_strides, 0, t);
  uint rest = i;
  int from = x_start, to = y_start;
  for (int l = loops - 1; l >= 0; --l) {
    const int at = rest % e[l];
    rest /= e[l];
    from += at * s[l];
    to += at * t[l];
  }
  y[to] = x[from];
}
#endif

#ifdef SELECT
__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void select_nest(
    uint n, int loops, int8 extents, __global const uchar* condition,
    int8 c_strides, __global const float* a, int8 a_strides,
    __global const float* b, int8 b_strides, __global float* y) {
  const uint i = get_global_id(0);
  if (i >= n) return;
  uint e[8];
  int c[8], s[8], t[8];
  vstore8(as_uint8(extents), 0, e);
  vstore8(c_strides, 0, c);
  vstore8(a_strides, 0, s);
  vstore8(b_strides, 0, t);
  uint rest = i;
  int which = 0, from = 0, with = 0;
  for (int l = loops - 1; l >= 0; --l) {
    const int at = rest % e[l];
    rest /= e[l];
    which += at * c[l];
    from += at * s[l];
    with += at * t[l];
  }
  y[i] = condition[which] ? a[from] : b[with];
}
#endif
