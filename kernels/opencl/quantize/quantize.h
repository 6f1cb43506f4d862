// Round to nearest of float32 to 8 or 16 bits, a scale and zero point by
// channel.
#ifndef HONE_KERNELS_OPENCL_QUANTIZE_QUANTIZE_H_
#define HONE_KERNELS_OPENCL_QUANTIZE_QUANTIZE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// q = clamp(round_half_even(x / scale[c]) + zero_point[c], low, high) with the
// range of a type of `bits` (8 or 16), as kernels/cpu/quantize rounds: equal,
// where the device divides correctly or fused multiply-add is exact. x [outer,
// channels, inner] in host memory, fewer than 2^31 elements; q as many elements
// of the type. Requires scale > 0 and finite, one a channel, as zero_point.
absl::Status Quantize(Context& context, const float* x, int64_t outer,
                      int64_t channels, int64_t inner,
                      absl::Span<const float> scale,
                      absl::Span<const int32_t> zero_point, int bits,
                      bool is_signed, void* q);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_QUANTIZE_QUANTIZE_H_
