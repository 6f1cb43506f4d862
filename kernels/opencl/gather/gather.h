// Rows picked by index: embeddings.
#ifndef HONE_KERNELS_OPENCL_GATHER_GATHER_H_
#define HONE_KERNELS_OPENCL_GATHER_GATHER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// y[o, i, :] = x[o, index[i], :], elements of 4 bytes. x [outer, extent,
// inner], y [outer, index.size(), inner], fewer than 2^31 elements each.
// Requires 0 <= index[i] < extent.
absl::Status GatherRows(Context& context, const BufferPtr& x, int64_t outer,
                        int64_t extent, int64_t inner,
                        absl::Span<const int32_t> index, const BufferPtr& y);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_GATHER_GATHER_H_
