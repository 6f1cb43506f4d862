// log(sum(e^x)) of a float array over some of its axes, by way of the largest
// element:
//
//   y = m + log(sum(e^(x - m))),  m = max(x)
//
// NaN where an element is; infinity, or minus infinity, where that is the
// largest one.
#ifndef HONE_KERNELS_CPU_REDUCE_LOG_SUM_EXP_H_
#define HONE_KERNELS_CPU_REDUCE_LOG_SUM_EXP_H_

#include "kernels/cpu/reduce/reduce.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// y: shape.kept_size() elements. At least one element is reduced. Powers are
// added in float32 in blocks, the blocks in float64, the same for any number of
// threads.
void ReduceLogSumExp(ThreadPool& pool, const float* x, const ReduceShape& shape,
                     float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_REDUCE_LOG_SUM_EXP_H_
