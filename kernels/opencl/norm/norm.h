// Layer and root-mean-square normalization of rows.
#ifndef HONE_KERNELS_OPENCL_NORM_NORM_H_
#define HONE_KERNELS_OPENCL_NORM_NORM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// y = (x - mean) / sqrt(var + epsilon) * scale + bias along rows, with the
// variance over n; not centered: mean 0 and the mean of x^2 for the variance.
// x, y [rows, n], float32, fewer than 2^31 elements; y may be x. scale, bias
// [n]; bias may be null. Error: (n / 128 + 16) units in the last place of the
// largest |x - mean| / deviation.
absl::Status NormalizeRows(Context& context, const BufferPtr& x, int64_t rows,
                           int64_t n, float epsilon, bool centered,
                           const BufferPtr& scale, const BufferPtr& bias,
                           const BufferPtr& y);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_NORM_NORM_H_
