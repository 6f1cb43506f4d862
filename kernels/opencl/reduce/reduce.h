// Sums, means and extremes along one axis.
#ifndef HONE_KERNELS_OPENCL_REDUCE_REDUCE_H_
#define HONE_KERNELS_OPENCL_REDUCE_REDUCE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

enum class Reduction : uint8_t { kSum, kMean, kMin, kMax };

// x [outer, extent, inner], y [outer, inner], float32, fewer than 2^31
// elements. Along no elements a sum is 0, a least infinity, a greatest
// -infinity, a mean NaN. NaN where an element is. Error of a sum: (64 + extent
// / 64) eps times the sum of |x|.
absl::Status Reduce(Context& context, Reduction reduction, const BufferPtr& x,
                    int64_t outer, int64_t extent, int64_t inner,
                    const BufferPtr& y);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_REDUCE_REDUCE_H_
