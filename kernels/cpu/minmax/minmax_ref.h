// The definition of minmax.h; the sum without rounding in between.
#ifndef HONE_KERNELS_CPU_MINMAX_MINMAX_REF_H_
#define HONE_KERNELS_CPU_MINMAX_MINMAX_REF_H_

#include <cmath>
#include <cstddef>

#include "kernels/cpu/minmax/minmax.h"

namespace hone {

inline FloatRange RangeOfRef(const float* x, size_t n) {
  FloatRange range;
  for (size_t i = 0; i < n; ++i) {
    if (std::isnan(x[i])) {
      ++range.nan_count;
    } else if (std::isinf(x[i])) {
      ++range.inf_count;
    } else {
      range.min = x[i] < range.min ? x[i] : range.min;
      range.max = x[i] > range.max ? x[i] : range.max;
      range.sum += x[i];
    }
  }
  return range;
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_MINMAX_MINMAX_REF_H_
