// A copy of an image with every pixel that a convolution's taps may read.
#ifndef HONE_KERNELS_CPU_INT8_CONV_MARGINS_H_
#define HONE_KERNELS_CPU_INT8_CONV_MARGINS_H_

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct Margins {
  int64_t batch = 1;
  int64_t channels = 1;
  Spatial in = {1, 1, 1};
  Spatial before = {0, 0, 0};
  Spatial padded = {1, 1, 1};  // whole extents; pixels past them are cut off
};

Margins MarginsOf(const ConvShape& shape);

// Of the copy, with 64 bytes after it that may be read.
size_t MarginBytes(const Margins& margins);

// x: [batch, in..., channels]; y: [batch, padded..., channels], `value` in the
// margins.
void AddMargins(const Margins& margins, const uint8_t* x, uint8_t value,
                uint8_t* y, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_CONV_MARGINS_H_
