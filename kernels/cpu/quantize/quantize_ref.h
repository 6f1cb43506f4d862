// The definition of quantize.h, one element at a time.
#ifndef HONE_KERNELS_CPU_QUANTIZE_QUANTIZE_REF_H_
#define HONE_KERNELS_CPU_QUANTIZE_QUANTIZE_REF_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/cpu/quantize/quantize.h"

namespace hone {

inline int32_t QuantizeDefinition(float x, float scale, int32_t zero_point,
                                  int32_t low, int32_t high) {
  const double q = static_cast<double>(std::nearbyint(x / scale)) + zero_point;
  if (!(q > low)) return low;  // also NaN
  return q < high ? static_cast<int32_t>(q) : high;
}

// The difference wraps around for int32, whose zero point ONNX wants to be 0.
inline float DequantizeDefinition(int32_t q, float scale, int32_t zero_point) {
  const uint32_t difference =
      static_cast<uint32_t>(q) - static_cast<uint32_t>(zero_point);
  return static_cast<float>(static_cast<int32_t>(difference)) * scale;
}

template <typename T>
void QuantizeRowRef(const float* x, size_t n, const QuantParams& params, T* y) {
  for (size_t i = 0; i < n; ++i) {
    const size_t p = i * static_cast<size_t>(params.step);
    y[i] = static_cast<T>(QuantizeDefinition(
        x[i], params.scale[p], params.zero_point[p],
        std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
}

template <typename T>
void DequantizeRowRef(const T* x, size_t n, const QuantParams& params,
                      float* y) {
  for (size_t i = 0; i < n; ++i) {
    const size_t p = i * static_cast<size_t>(params.step);
    y[i] = DequantizeDefinition(static_cast<int32_t>(x[i]), params.scale[p],
                                params.zero_point[p]);
  }
}

inline void QuantizeDequantizeRowRef(const float* x, size_t n,
                                     const QuantParams& params, int32_t low,
                                     int32_t high, float* y) {
  for (size_t i = 0; i < n; ++i) {
    const size_t p = i * static_cast<size_t>(params.step);
    const int32_t q = QuantizeDefinition(x[i], params.scale[p],
                                         params.zero_point[p], low, high);
    y[i] = DequantizeDefinition(q, params.scale[p], params.zero_point[p]);
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_QUANTIZE_QUANTIZE_REF_H_
