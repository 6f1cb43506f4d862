// Softmax and log-softmax along one axis.
//
//   Softmax(pool, x, {batch, classes, 1}, /*log=*/false, y);
#ifndef HONE_KERNELS_CPU_SOFTMAX_SOFTMAX_H_
#define HONE_KERNELS_CPU_SOFTMAX_SOFTMAX_H_

#include <cstdint>

#include "kernels/threads/thread_pool.h"

namespace hone {

struct SoftmaxShape {
  int64_t outer = 1;
  int64_t extent = 1;  // the axis
  int64_t inner = 1;
};

// x, y [outer, extent, inner]; y may be x. Along extent:
//   softmax:     y = e^(x - m) / sum e^(x - m)
//   log-softmax: y = x - m - log(sum e^(x - m))
// with m the greatest element. Error: 8 units in the last place plus
// extent * 2^-24 of the result.
void Softmax(ThreadPool& pool, const float* x, const SoftmaxShape& shape,
             bool log, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_SOFTMAX_SOFTMAX_H_
