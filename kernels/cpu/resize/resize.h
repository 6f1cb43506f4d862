// Resizing by weighted taps, axis after axis.
#ifndef HONE_KERNELS_CPU_RESIZE_RESIZE_H_
#define HONE_KERNELS_CPU_RESIZE_RESIZE_H_

#include <cstdint>
#include <vector>

#include "kernels/cpu/resize/resize_taps.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// x [axes[0].input, axes[1].input, ...], y [axes[0].output, ...], no overlap:
//   y[o...] = sum over taps of the product of their weights * x[index...]
// or `extrapolation` where any axis is outside. The last axis is summed first,
// in float32. Axes before the first that changes are planes of their own.
void Resize(ThreadPool& pool, const float* x,
            const std::vector<ResizeTaps>& axes, float extrapolation, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_RESIZE_RESIZE_H_
