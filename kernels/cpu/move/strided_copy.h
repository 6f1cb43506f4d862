// Copies an array of any extents between two strided layouts: transposing,
// slicing, concatenating, expanding and interleaving are all this.
//
//   // y [3, 2] = transpose of x [2, 3], four bytes an element
//   StridedCopy(pool, 4, {3, 2}, x, {1, 3}, y, {2, 1});
#ifndef HONE_KERNELS_CPU_MOVE_STRIDED_COPY_H_
#define HONE_KERNELS_CPU_MOVE_STRIDED_COPY_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// dst[sum of i_l dst_strides[l]] = src[sum of i_l src_strides[l]] for every
// index i within dims. Strides are in elements; src_strides may be zero or
// negative, dst_strides give every index a place of its own. element_bytes is
// 1, 2, 4, 8 or 16. No overlap of the two.
void StridedCopy(ThreadPool& pool, size_t element_bytes,
                 absl::Span<const int64_t> dims, const void* src,
                 const Extents& src_strides, void* dst,
                 const Extents& dst_strides);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_MOVE_STRIDED_COPY_H_
