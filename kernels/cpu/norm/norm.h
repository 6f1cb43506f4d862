// The rows that every normalization is made of.
//
// Batch, instance, group, layer and root-mean-square normalization differ in
// which elements share their moments and which share scale and bias:
//   y = (x - mean) * factor * scale + bias, factor = 1 / sqrt(var + epsilon).
#ifndef HONE_KERNELS_CPU_NORM_NORM_H_
#define HONE_KERNELS_CPU_NORM_NORM_H_

#include <cstddef>
#include <cstdint>

namespace hone {

struct Moments {
  float mean = 0;
  float variance = 0;  // of the population: over n
};

// Of n > 0 elements in two passes. Blocks of 4,096 are added in float32, blocks
// in float64.
Moments MomentsOf(const float* x, size_t n);
// Mean of x^2 over n > 0 elements.
float MeanSquareOf(const float* x, size_t n);

// Element i uses scale[i * step] and bias[i * step]; step is 0 or 1.
struct NormParams {
  float mean = 0;
  float factor = 1;
  const float* scale = nullptr;  // null: 1
  const float* bias = nullptr;   // null: none
  int64_t step = 0;
};

// n elements; y may be x.
void NormalizeRow(const float* x, size_t n, const NormParams& params, float* y);

// y[i] = (x[i] - mean[i]) * scale[i] + bias[i]: one batch-normalized position
// whose n channels lie side by side.
void AffineRow(const float* x, size_t n, const float* mean, const float* scale,
               const float* bias, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_NORM_NORM_H_
