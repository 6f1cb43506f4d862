// Counts of elements in bins of a power of two's width, anchored at zero.
#ifndef HONE_KERNELS_OPENCL_HISTOGRAM_HISTOGRAM_H_
#define HONE_KERNELS_OPENCL_HISTOGRAM_HISTOGRAM_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// Adds to counts [2048] what kernels/cpu/histogram's CountBins adds, every
// count equal; the same is required of x and exponent. x: float32, n < 2^31
// elements. Returns how many were not finite.
absl::StatusOr<uint64_t> CountBins(Context& context, const BufferPtr& x,
                                   int64_t n, int exponent, uint64_t* counts);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_HISTOGRAM_HISTOGRAM_H_
