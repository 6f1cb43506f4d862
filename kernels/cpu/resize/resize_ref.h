// The definition of resize.h: every output from all its taps, in double.
#ifndef HONE_KERNELS_CPU_RESIZE_RESIZE_REF_H_
#define HONE_KERNELS_CPU_RESIZE_RESIZE_REF_H_

#include <cstdint>
#include <vector>

#include "kernels/cpu/resize/resize_taps.h"

namespace hone {

// Sum over the taps of axes [axis, end) below flat position `base`.
inline double SumTaps(const float* x, const std::vector<ResizeTaps>& axes,
                      const std::vector<int64_t>& at, size_t axis,
                      int64_t base) {
  if (axis == axes.size()) return x[base];
  const ResizeTaps& taps = axes[axis];
  double sum = 0;
  for (size_t t = 0; t < taps.taps; ++t) {
    const size_t i = static_cast<size_t>(at[axis]) * taps.taps + t;
    if (taps.weight[i] == 0) continue;
    sum += taps.weight[i] *
           SumTaps(x, axes, at, axis + 1, base * taps.input + taps.index[i]);
  }
  return sum;
}

inline void ResizeRef(const float* x, const std::vector<ResizeTaps>& axes,
                      float extrapolation, float* y) {
  int64_t size = 1;
  for (const ResizeTaps& axis : axes) size *= axis.output;
  std::vector<int64_t> at(axes.size());
  for (int64_t i = 0; i < size; ++i) {
    int64_t rest = i;
    bool outside = false;
    for (size_t a = axes.size(); a-- > 0; rest /= axes[a].output) {
      at[a] = rest % axes[a].output;
      outside = outside || axes[a].outside[static_cast<size_t>(at[a])];
    }
    y[i] = outside ? extrapolation
                   : static_cast<float>(SumTaps(x, axes, at, 0, 0));
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_RESIZE_RESIZE_REF_H_
