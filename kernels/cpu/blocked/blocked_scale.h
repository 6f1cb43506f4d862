// A factor a channel and sample, over channels in blocks (blocks.h): what a
// squeeze-and-excitation block ends in.
#ifndef HONE_KERNELS_CPU_BLOCKED_BLOCKED_SCALE_H_
#define HONE_KERNELS_CPU_BLOCKED_BLOCKED_SCALE_H_

#include <cstdint>

#include "kernels/threads/thread_pool.h"

namespace hone {

// y[p, i] = x[p, i] * scale[p], a block each; x and y [planes, pixels, block],
// scale [planes, block]; planes = samples times blocks. y may be x.
void BlockedScale(const float* x, const float* scale, int64_t planes,
                  int64_t pixels, float* y, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_BLOCKED_SCALE_H_
