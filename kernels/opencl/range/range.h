// Least, greatest and sum of the finite elements, by channel.
//
//   HONE_ASSIGN_OR_RETURN(const std::vector<Range> ranges,
//                         RangesOf(context, x, 1, channels, inner));
//
// Least, greatest and the counts are those of kernels/cpu/minmax; the sum is
// added in another order, compensated: |error| <= 64 eps sum |x|, eps = 2^-24.
// The same bits at every call on one device.
#ifndef HONE_KERNELS_OPENCL_RANGE_RANGE_H_
#define HONE_KERNELS_OPENCL_RANGE_RANGE_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

struct Range {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  double sum = 0;
  uint64_t nan_count = 0;  // left out of the above, as are infinities
  uint64_t inf_count = 0;
};

// x [outer, channels, inner], float32, fewer than 2^31 elements. One range a
// channel. Errors are those of Context.
absl::StatusOr<std::vector<Range>> RangesOf(Context& context,
                                            const BufferPtr& x, int64_t outer,
                                            int64_t channels, int64_t inner);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_RANGE_RANGE_H_
