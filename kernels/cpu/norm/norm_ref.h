// The definition of norm.h in double.
#ifndef HONE_KERNELS_CPU_NORM_NORM_REF_H_
#define HONE_KERNELS_CPU_NORM_NORM_REF_H_

#include <cstddef>

#include "kernels/cpu/norm/norm.h"

namespace hone {

inline Moments MomentsOfRef(const float* x, size_t n) {
  double sum = 0, square = 0;
  for (size_t i = 0; i < n; ++i) sum += x[i];
  const double mean = sum / static_cast<double>(n);
  for (size_t i = 0; i < n; ++i) square += (x[i] - mean) * (x[i] - mean);
  return {static_cast<float>(mean),
          static_cast<float>(square / static_cast<double>(n))};
}

inline float MeanSquareOfRef(const float* x, size_t n) {
  double square = 0;
  for (size_t i = 0; i < n; ++i) square += static_cast<double>(x[i]) * x[i];
  return static_cast<float>(square / static_cast<double>(n));
}

inline void NormalizeRowRef(const float* x, size_t n, const NormParams& params,
                            float* y) {
  for (size_t i = 0; i < n; ++i) {
    const size_t p = i * static_cast<size_t>(params.step);
    const double scale = params.scale == nullptr ? 1.0 : params.scale[p];
    const double bias = params.bias == nullptr ? 0.0 : params.bias[p];
    y[i] = static_cast<float>((static_cast<double>(x[i]) - params.mean) *
                                  params.factor * scale +
                              bias);
  }
}

inline void AffineRowRef(const float* x, size_t n, const float* mean,
                         const float* scale, const float* bias, float* y) {
  for (size_t i = 0; i < n; ++i) {
    y[i] = static_cast<float>((static_cast<double>(x[i]) - mean[i]) * scale[i] +
                              bias[i]);
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_NORM_NORM_REF_H_
