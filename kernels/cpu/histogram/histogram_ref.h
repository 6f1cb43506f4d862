// The definition of histogram.h, one element at a time in double.
#ifndef HONE_KERNELS_CPU_HISTOGRAM_HISTOGRAM_REF_H_
#define HONE_KERNELS_CPU_HISTOGRAM_HISTOGRAM_REF_H_

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/histogram/histogram.h"

namespace hone {

inline uint64_t CountBinsRef(const float* x, size_t n, int exponent,
                             uint64_t* counts) {
  uint64_t left_out = 0;
  const double inverse = std::ldexp(1.0, -exponent);
  for (size_t i = 0; i < n; ++i) {
    if (!std::isfinite(x[i])) {
      ++left_out;
      continue;
    }
    const double bin = std::floor(static_cast<double>(x[i]) * inverse);
    ++counts[static_cast<int>(bin) + kHistogramBins / 2];
  }
  return left_out;
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_HISTOGRAM_HISTOGRAM_REF_H_
