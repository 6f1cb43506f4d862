// What a convolution's outputs read, added up: what a zero point of the
// weights multiplies.
//
//   y[g, n, o] = sum over taps k, channels c of group g of x[n, at(o, k), c]
//
// x: [batch, in..., groups * in_channels], y: [groups, batch, out...]. Outside
// of x a tap reads zx, as in conv.h.
#ifndef HONE_KERNELS_CPU_INT8_CONV_WINDOW_SUMS_H_
#define HONE_KERNELS_CPU_INT8_CONV_WINDOW_SUMS_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

size_t Int8WindowSumScratchBytes(const ConvShape& shape);

void Int8WindowSums(const ConvShape& shape, const uint8_t* x, uint8_t zx,
                    int32_t* y, std::byte* scratch, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_CONV_WINDOW_SUMS_H_
