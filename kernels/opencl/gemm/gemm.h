// Products of float32 matrices, with what follows them.
//
//   GemmCall call = {.m = m, .n = n, .k = k, .a = {x, k, 1}, .b = {w, n, 1}};
//   call.bias = bias;
//   HONE_OPENCL_RETURN_IF_ERROR(Gemm(context, call, y));
//
// C = f(alpha * A * B + beta * bias + residual), f one of the activations of
// kernels/cpu/gemm/activation.h. Sums are fused multiply-adds in order of k:
// |error| <= (k + 3) eps (|A| |B| + |bias| + |residual|) before f, eps = 2^-24.
#ifndef HONE_KERNELS_OPENCL_GEMM_GEMM_H_
#define HONE_KERNELS_OPENCL_GEMM_GEMM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// Element (i, j) of matrix number p at data[start + p * batch + i * row + j *
// column]; one of row and column is 1.
struct GemmMatrix {
  BufferPtr data;
  int64_t row = 0;
  int64_t column = 1;
  int64_t start = 0;
  int64_t batch = 0;
};

enum class GemmActivation : int32_t {
  kNone = 0,
  kClamp = 1,        // min(max(x, p), q)
  kLeakyRelu = 2,    // x < 0 ? p x : x
  kHardSigmoid = 3,  // max(0, min(1, p x + q))
  kHardSwish = 4,
  kSigmoid = 5,
  kSilu = 6,
  kTanh = 7,
  kGelu = 8,  // x / 2 (1 + erf(x / sqrt 2))
};

struct GemmCall {
  int64_t batch = 1;
  int64_t m = 0, n = 0, k = 0;
  GemmMatrix a;  // [m, k]
  GemmMatrix b;  // [k, n]
  float alpha = 1;
  // Element (i, j) at bias[i * bias_row + j * bias_column], of every product;
  // null: none.
  BufferPtr bias;
  float beta = 1;
  int64_t bias_row = 0, bias_column = 1;
  BufferPtr residual;  // as C; null: none
  GemmActivation activation = GemmActivation::kNone;
  float p = 0, q = 0;
  // Where the first product begins in C and the residual; the others follow.
  int64_t c_start = 0;
  // For tests: the edge of an item's share of a tile (4 or 8); 0: by the shape
  // and the device.
  int per_item = 0;
};

// c: row-major [batch, m, n], no part of any input. Every extent is below 2^31.
absl::Status Gemm(Context& context, const GemmCall& call, const BufferPtr& c);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_GEMM_GEMM_H_
