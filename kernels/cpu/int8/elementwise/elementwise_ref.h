// The definition of elementwise.h, one element at a time.
#ifndef HONE_KERNELS_CPU_INT8_ELEMENTWISE_ELEMENTWISE_REF_H_
#define HONE_KERNELS_CPU_INT8_ELEMENTWISE_ELEMENTWISE_REF_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/int8/elementwise/elementwise.h"
#include "kernels/cpu/quantize/quantize_ref.h"

namespace hone {

template <typename T>
void Int8BinaryRowRef(Int8BinaryOp op, const Int8BinaryParams& p, const T* a,
                      int64_t a_step, const T* b, int64_t b_step, size_t n,
                      T* y) {
  for (size_t i = 0; i < n; ++i) {
    const int64_t at = static_cast<int64_t>(i);
    const float x0 = DequantizeDefinition(a[at * a_step], p.a_scale, p.a_zero);
    const float x1 = DequantizeDefinition(b[at * b_step], p.b_scale, p.b_zero);
    const float r = op == Int8BinaryOp::kAdd ? x0 + x1 : x0 * x1;
    y[i] = static_cast<T>(
        QuantizeDefinition(r, p.y_scale, p.y_zero, p.low, p.high));
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_ELEMENTWISE_ELEMENTWISE_REF_H_
