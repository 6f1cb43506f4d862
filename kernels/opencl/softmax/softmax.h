// Softmax and log-softmax along one axis.
#ifndef HONE_KERNELS_OPENCL_SOFTMAX_SOFTMAX_H_
#define HONE_KERNELS_OPENCL_SOFTMAX_SOFTMAX_H_

#include <cstdint>

#include "absl/status/status.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// x, y [outer, extent, inner], float32, fewer than 2^31 elements; y may be x.
// Formulas of kernels/cpu/softmax. Error: 16 units in the last place plus
// extent * 2^-24 of the result.
absl::Status Softmax(Context& context, const BufferPtr& x, int64_t outer,
                     int64_t extent, int64_t inner, bool log,
                     const BufferPtr& y);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_SOFTMAX_SOFTMAX_H_
