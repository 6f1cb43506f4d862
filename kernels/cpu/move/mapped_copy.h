// Copies an array whose every axis picks source positions from a list:
// nearest-neighbour resizing, tiling, reflected and repeated padding.
//
//   // y [4] = x[0], x[0], x[1], x[1]
//   MappedCopy(pool, 4, {2}, {{0, 0, 1, 1}}, x, y);
#ifndef HONE_KERNELS_CPU_MOVE_MAPPED_COPY_H_
#define HONE_KERNELS_CPU_MOVE_MAPPED_COPY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// y[i_0, i_1, ...] = x[maps[0][i_0], maps[1][i_1], ...]; x dense of extents
// `dims`, y dense of extents maps[l].size(). Every position lies within x.
// element_bytes is 1, 2, 4, 8 or 16. No overlap.
void MappedCopy(ThreadPool& pool, size_t element_bytes,
                absl::Span<const int64_t> dims,
                const std::vector<std::vector<int64_t>>& maps, const void* x,
                void* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_MOVE_MAPPED_COPY_H_
