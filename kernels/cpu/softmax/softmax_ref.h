// The definition of softmax.h, for float, double and types that convert to and
// explicitly from float.
#ifndef HONE_KERNELS_CPU_SOFTMAX_SOFTMAX_REF_H_
#define HONE_KERNELS_CPU_SOFTMAX_SOFTMAX_REF_H_

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "kernels/cpu/softmax/softmax.h"

namespace hone {

template <typename T>
void SoftmaxRef(const T* x, const SoftmaxShape& shape, bool log, T* y) {
  for (int64_t o = 0; o < shape.outer; ++o) {
    for (int64_t i = 0; i < shape.inner; ++i) {
      const int64_t first = o * shape.extent * shape.inner + i;
      double most = -HUGE_VAL, sum = 0;
      for (int64_t e = 0; e < shape.extent; ++e) {
        const double value = static_cast<double>(x[first + e * shape.inner]);
        most = value > most || std::isnan(value) ? value : most;
      }
      for (int64_t e = 0; e < shape.extent; ++e) {
        sum += std::exp(static_cast<double>(x[first + e * shape.inner]) - most);
      }
      for (int64_t e = 0; e < shape.extent; ++e) {
        const int64_t at = first + e * shape.inner;
        const double shifted = static_cast<double>(x[at]) - most;
        const double value =
            log ? shifted - std::log(sum) : std::exp(shifted) / sum;
        if constexpr (std::is_arithmetic_v<T>) {
          y[at] = static_cast<T>(value);
        } else {
          y[at] = T(static_cast<float>(value));
        }
      }
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_SOFTMAX_SOFTMAX_REF_H_
